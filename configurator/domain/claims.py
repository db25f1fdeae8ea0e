"""Words by which a name says more of a food than its label does.

What a customer writes on a bar that others can see is read as information on food (Regulation (EU)
1169/2011, Art. 7): "nut-free" on a bar from a kitchen with nuts may harm somebody, "healthy" and "organic"
are reserved by law (1924/2006, 2018/848). No list knows every such word; one that is found is shown to
people, who decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import Final, Literal, TypeAlias

from configurator.domain.family import Text

Subject: TypeAlias = Literal["allergen", "diet", "health", "organic"]

SUBJECTS: Final[dict[Subject, Text]] = {
    "allergen": Text("sounds free from an allergen", "klingt frei von einem Allergen"),
    "diet": Text("names a diet", "nennt eine Ernährungsweise"),
    "health": Text("sounds good for the health", "klingt nach Gesundheit"),
    "organic": Text("names a kind of farming", "nennt eine Art der Landwirtschaft"),
}

# Without accents and capitals; a star stands for any ending. English, German, French, Italian, Spanish,
# Portuguese, Dutch, Polish, Swedish and Turkish, line by line, and what else is often read on packs; what is
# the same word is written once.
_SAID: Final[dict[Subject, str]] = {
    "allergen": """
        allerg* hypoallerg* antiallerg* coeliac* celiac* gluten* lactose*
        zoliakie* laktose*
        anallerg* coeliaque*
        celiach* glutine lattosio
        alerg* celiaqu* lactosa
        hipoalerg*
        coeliakie*
        celiak* laktoz*
        glutenfri* laktosfri*
        alerj* colyak*
    """,
    "diet": """
        vegan* vegetarian* veggie* plantbased halal helal kosher keto ketogen* lowcarb paleo fodmap diabet* diet diets
        dietary pregnan* babyfood
        vegetarisch* pflanzlich* koscher* diat diaten diatschokolade schwanger*
        vegetal* vegetarien* kascher casher cetogen* regime enceinte
        vegano vegana vegetariano* chetogen* dieta
        koser embarazada*
        gravida
        vegetarier* plantaardig* halaal kosjer dieet
        wegan* wegetar* koszer* cukrzyk*
        vegetarisk* vaxtbaserad*
        vejetaryen* diyabet* diyet*
        veganisti* vegaan веган* вегетариан* халяль кошер* βιγκαν
    """,
    "health": """
        health* unhealth* heal heals healing cure cures curing medicin* remedy detox* superfood* immun* antiox* protein*
        vitamin* probiot* prebiot* slimming lowfat sugarless calorie* wellness fitness anticancer cancer cholesterol*
        gesund* ungesund* heilt heilend* heilung heilsam* heilkraft* abnehm* schlank* fettarm* kalori* medizin* krebs
        cholesterin* blutdruck*
        sante sain saine sains saines guerit guerir minceur amincissant* medecin* allege allegee
        salutare sano curativ* guarisce dimagr* snellente
        salud saludabl* adelgaz* inmun*
        saude saudavel saudaveis emagrec* imun*
        gezond* geneest geneeskracht* afslank* vetarm*
        zdrow* leczy leczni* odchudz* odporn*
        halsa halsosam* nyttig* bantning* bantar
        здоров* полезн*
        saglik* sifa sifali iyilestir* zayiflat* bagisik*
    """,
    "organic": """
        organic* bio ecofriendly eco biodynam* demeter gmofree nongmo
        oko okolog* biolog* kontrolliertbiologisch* bioland naturland gentechnikfrei*
        biologique* ecolog*
        biologico biologica
        ecologico ecologica organico organica
        biologico organica
        biologisch*
        eko ekolog* organiczn*
        ekologisk* krav
        organik* ekolojik*
        luomu био эко органич*
    """,
}

# What somebody must not eat, or does not want to: a claim in one text with one of _NONE, or in one word
# with one of _FREE, as in "no nuts", "ohne Zucker" and "nussfrei".
_EATEN: Final[dict[Subject, str]] = {
    "allergen": """
        nut nuts nutty almond* hazelnut* walnut* cashew* pecan* pistachio* macadamia* peanut* treenut* milk dairy cream
        butter whey casein* egg eggs soy soya wheat rye barley oat oats sesame mustard celery lupin* fish crustacean*
        mollus* shellfish sulphit* sulfit*
        nuss nusse nussen haselnuss* walnuss* mandel* erdnuss* pistazi* milch* sahne ei eier soja* weizen* roggen*
        gerste* hafer* sesam* senf* sellerie* fisch* krebstier* weichtier* schwefel* molke*
        noix noisette* amande* cacahuete* arachide* lait laitier* oeuf* ble seigle orge avoine moutarde celeri poisson*
        noci noce nocciol* mandorl* latte latticini uova uovo frumento grano segale orzo avena senape sedano pesce
        nuez nueces almendra* avellana* cacahuet* leche lacteo* huevo* trigo centeno cebada mostaza apio pescado
        noz nozes amendoa* amendoim leite laticinio* ovo ovos centeio cevada aveia mostarda aipo peixe
        noot noten hazelno* amandel* pinda* melk* zuivel eieren tarwe* rogge* gerst haver* mosterd selderij
        orzech* migdal* mleko mleka jajk* jajec pszenic* zyto zyta jeczmie* owies owsa sezam* gorczyc* seler*
        notter hasselnot* mandlar jordnot* mjolk* agg vete havre senap selleri fisk
        findik* fistik* badem* ceviz* sut yumurta* bugday* cavdar* arpa yulaf* susam* hardal* kereviz balik
    """,
    "health": """
        sugar* fat fats calories
        zucker* fett fette kalorien
        sucre* graisse* calories
        zuccher* grassi calorie
        azucar* grasa* calorias
        acucar* gordura*
        suiker* vet calorieen
        cukr* cukier tluszcz*
        socker* kalorier
        seker* yag kalori
    """,
}
_NONE: Final = """
    no not none free without zero 0 minus never safe
    ohne frei kein keine keinen keiner null nie nicht sicher
    sans pas aucun aucune
    senza niente nessuna privo priva libero
    sin nada ningun ninguna libre
    sem nenhum nenhuma livre
    zonder geen vrij
    bez brak wolne wolny
    utan ingen inga inget fri fritt
    yok icermez
"""
_APART: Final = "lowcarb lowfat plantbased gmofree nongmo ecofriendly"
_FREE: Final = "free less safe frei freie freier freies freien los vrij vrije loos fri fria fritt siz suz"

# Letters of other alphabets, digits and signs that are taken for Latin letters at a glance.
_ALIKE: Final = {
    "а": "a", "в": "b", "е": "e", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
    "ѕ": "s", "с": "c", "т": "t", "у": "y", "х": "x", "г": "r", "α": "a", "β": "b", "ε": "e", "η": "n",
    "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "γ": "y",
    "ω": "w", "σ": "o", "0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a",
    "$": "s", "€": "e", "£": "l", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "|": "l",
    "!": "i", "+": "t",
}  # fmt: skip
_QUOTES: Final = " .,;:!?-–…\"'“”„‚‘’()"
_SPOKEN: Final = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
_SEEN: Final = tuple(str.maketrans({**_ALIKE, "1": one}) for one in "il")
_WORD: Final = re.compile(r"[^\W_]+")
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_LONG: Final = 5
"""A shorter word is only one when it stands alone: Fabio is no bio."""
_CRUMB: Final = 3
"""Letters of a part so short that a word may have been broken into such parts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A word of a text, as it stands there, and what it is about."""

    word: str
    subject: Subject

    def reason(self, locale: str) -> str:
        about = SUBJECTS[self.subject].to(locale)
        return f"„{self.word}“ {about}" if locale == "de" else f"“{self.word}” {about}"


def claims(*texts: str) -> tuple[Claim, ...]:
    """What the texts claim, each word once; empty for texts that anybody may read at once."""
    return tuple(dict.fromkeys(claim for text in texts for claim in _in_text(text)))


@lru_cache(maxsize=2048)
def _in_text(text: str) -> tuple[Claim, ...]:
    """One claim for each subject, as the text is spoken and as it looks.

    Remembered, because publishing asks of the same names for every family.
    """
    found: dict[Subject, Claim] = {}
    for table in (_SPOKEN, *_SEEN):
        for claim in _in_reading(text, table):
            found.setdefault(claim.subject, claim)
    return tuple(found.values())


def _in_reading(text: str, table: dict[int, str]) -> Iterator[Claim]:
    chunks = text.split()
    parts = [_WORD.findall(_plain(chunk, table)) for chunk in chunks]
    for chunk, words in zip(chunks, parts, strict=True):
        for word in (*words, "".join(words)):
            if subject := _said(word):
                yield Claim(chunk.strip(_QUOTES), subject)
    for written, letters in _crumbs(chunks, ["".join(words) for words in parts]):
        if subject := _said(letters) or _hidden(letters):
            yield Claim(written, subject)
    words_of_all = [word for words in parts for word in words]
    if not frozenset(_NONE.split()).isdisjoint(words_of_all):
        named = (_eaten().subject_of(word) for word in words_of_all)
        yield from (Claim(text.strip(), subject) for subject in named if subject)


def _crumbs(chunks: list[str], joined: list[str]) -> Iterator[tuple[str, str]]:
    """What short parts spell together, as "v e g a n" and "bi o"; and "low carb", which is one word elsewhere."""
    for (first, former), (second, latter) in pairwise(zip(chunks, joined, strict=True)):
        if former + latter in _APART.split():
            yield f"{first} {second}", former + latter
    for most in (1, _CRUMB):
        runs = groupby(zip(chunks, joined, strict=True), key=lambda pair: 0 < len(pair[1]) <= most)
        for is_short, run in runs:
            written, letters = zip(*run, strict=True)
            if is_short and len(letters) > 1:
                yield " ".join(written), "".join(letters)


def _said(word: str) -> Subject | None:
    return _claimed().subject_of(word) or _freed(word)


def _hidden(letters: str) -> Subject | None:
    known = {**_claimed().whole, **_claimed().begun}
    return next((known[word] for word in known if len(word) >= _LONG and word in letters), None)


def _freed(word: str) -> Subject | None:
    """As "nussfrei" and "sugarless"."""
    if not word.endswith(tuple(_FREE.split())):
        return None
    for eaten, subject in (*_eaten().whole.items(), *_eaten().begun.items()):
        rest = len(word) - len(eaten)
        if word.startswith(eaten) and any(word.endswith(end) and rest >= len(end) for end in _FREE.split()):
            return subject
    return None


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    whole: dict[str, Subject]
    begun: dict[str, Subject]
    """Those that may end in any way."""
    beginnings: tuple[str, ...]

    def subject_of(self, word: str) -> Subject | None:
        if subject := self.whole.get(word):
            return subject
        if not word.startswith(self.beginnings):
            return None
        return next(subject for beginning, subject in self.begun.items() if word.startswith(beginning))


@cache
def _claimed() -> _Vocabulary:
    return _vocabulary(_SAID)


@cache
def _eaten() -> _Vocabulary:
    return _vocabulary(_EATEN)


def _vocabulary(lists: dict[Subject, str]) -> _Vocabulary:
    words = [(word, subject) for subject, said in lists.items() for word in said.split()]
    begun = {word[:-1]: subject for word, subject in words if word.endswith("*")}
    return _Vocabulary(
        whole={word: subject for word, subject in words if not word.endswith("*")},
        begun=begun,
        beginnings=tuple(begun),
    )


def _plain(text: str, table: dict[int, str]) -> str:
    """Small letters without accents; a letter said thrice or more is said once."""
    open_text = unicodedata.normalize("NFKD", text.casefold().translate(table))
    letters = "".join(sign for sign in open_text if not unicodedata.combining(sign))
    return _STRETCHED.sub(r"\1", letters.translate(table))
