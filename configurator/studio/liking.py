"""What there is to like, and what the page of somebody's account says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.catalogue.families import current_families, family_under
from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.tastes import AMOUNTS, LIKED_MAX, Taste, taste_of
from configurator.domain.wishes import USUAL
from configurator.studio.shelves import CATEGORIES, ModuleCard, card_of, shelves
from configurator.wording import locale

AMOUNT_NAMES: Final = dict(
    zip(AMOUNTS, (gettext_lazy("a little"), gettext_lazy("usual"), gettext_lazy("plenty")), strict=True)
)
BASE, LIKE = "base", "like"
TICKED_MAX: Final = 300
"""Of a form; more than there is."""


@dataclass(frozen=True, slots=True)
class Likable:
    """Of all that is made in any size, each once."""

    bases: tuple[ModuleCard, ...]
    others: tuple[ModuleCard, ...]
    """By category, as on the studio's shelves."""

    @property
    def categories(self) -> list[tuple[str, str | Promise]]:
        there = {each.category for each in self.others}
        return [(key, name) for key, name in CATEGORIES.items() if key in there]


def likable() -> Likable:
    bases: dict[str, ModuleCard] = {}
    others: dict[str, ModuleCard] = {}
    for family in current_families():
        for slot, shelf in shelves(family.version, locale()).items():
            known = bases if slot == family.base_slot.key else others
            for each in shelf.cards:
                known.setdefault(each.key, each)
    places = {category: place for place, category in enumerate(CATEGORIES)}
    by_category = sorted(others.values(), key=lambda each: places.get(each.category, len(places)))
    return Likable(tuple(bases.values()), tuple(by_category))


def cards(keys: Iterable[str]) -> list[ModuleCard]:
    """Also of what is no longer made; what nobody remembers has none."""
    families = current_families()
    return [found for key in keys for found in _card(key, families)]


def _card(key: str, families: Iterable[Family]) -> Iterator[ModuleCard]:
    for family in families:
        for slot in family.slots:
            if key in family.modules and slot.takes(family.modules[key]):
                yield card_of(family.modules[key], slot, family, locale())
                return


def like_bar(design: Design, known: Likable) -> Taste:
    """What was in it and is still made."""
    taste = taste_of(design, family_under(design.version))
    bases, others = {each.key for each in known.bases}, {each.key for each in known.others}
    liked = tuple(key for key in taste.liked if key in others)
    return replace(taste, base=taste.base if taste.base in bases else "", liked=liked)


# ── What the form says ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Said:
    taste: Taste
    """Also with more than can be kept, so that the page shows it again."""
    mistakes: tuple[str, ...]


def read(form: QueryDict, kept: Taste, known: Likable) -> Said:
    """What is kept already may stay, even if it is no longer made."""
    chosen = _chosen(form)
    may_be = {
        BASE: {kept.base, *(each.key for each in known.bases)},
        LIKE: {*kept.liked, *(each.key for each in known.others)},
    }
    base, liked = ([key for kind, key in chosen if kind == wanted] for wanted in (BASE, LIKE))
    amount = form.get("amount", str(kept.amount))
    taste = Taste(
        base="".join(key for key in base if key in may_be[BASE]),
        liked=tuple(key for key in liked if key in may_be[LIKE]),
        amount=int(amount) if amount in map(str, AMOUNTS) else USUAL,
    )
    is_known = (taste.base, *taste.liked) == ("".join(base), *liked)
    return Said(taste, tuple(_mistakes(taste, is_known=is_known, has_amount=amount in map(str, AMOUNTS))))


def _chosen(form: QueryDict) -> list[tuple[str, str]]:
    """As ("like", "almond_whole"), in the order of the page: what was liked before stands before what is new."""
    ticked = form.getlist(LIKE)[:TICKED_MAX]
    before = [key for key in form.getlist("order")[:TICKED_MAX] if key in ticked]
    places = [f"{BASE}:{key}" for key in form.getlist(BASE)[:1] if key]
    places += [f"{LIKE}:{key}" for key in dict.fromkeys((*before, *ticked))]
    # Each of the form's buttons says the whole form, and one thing more.
    gone, first = form.get("remove", ""), form.get("first", "")
    old, _blank, new = form.get("instead", "").partition(" ")
    places = [new if place == old else place for place in places if place != gone]
    in_order = sorted(dict.fromkeys(places), key=lambda place: place != first)
    return [(kind, key) for kind, _colon, key in (place.partition(":") for place in in_order)]


def _mistakes(taste: Taste, *, is_known: bool, has_amount: bool) -> Iterator[str]:
    if not is_known:
        yield _("Something that was ticked is no longer made. Look through what is ticked now, and keep it.")
    if not has_amount:
        yield _("Choose how much of each you like: a little, usual or plenty.")
    over = len(taste.liked) - LIKED_MAX
    if over > 0:
        words = _("More than %(most)d have no place in any bar. Take %(over)d out, then keep the rest.")
        yield words % {"most": LIKED_MAX, "over": over}
