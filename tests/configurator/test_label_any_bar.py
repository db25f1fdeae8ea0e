"""Ten thousand bars that anybody could order, each with a label that keeps the whole law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from random import Random

import pytest

from configurator.catalogue.loading import from_files
from configurator.domain.constraints import problems
from configurator.domain.design import Design
from configurator.domain.family import Family, Ingredient, Module
from configurator.domain.label import Label, label
from configurator.domain.label.contents import contents
from configurator.domain.label.nutrition import sums
from configurator.domain.label.us import us_label
from configurator.domain.recipe import recipe

BARS = 10_000
HANDS = 4
"""Among which they are dealt, for workers to share."""
FAMILIES = ("bar-100", "mini-40", "heart-80", "slab-250")
LOCALES = ("en", "de")

# Written down once more, apart from the code: how each allergen may look when it is emphasised.
STEMS = {
    "GLU-W": "wheat|weizen", "GLU-R": "rye|roggen", "GLU-B": "barley|gerste", "GLU-O": "oat|hafer",
    "EGG": "egg|ei", "PNT": "peanut|erdnu|erdnü", "SOY": "soy|soja",
    "MLK": "milk|milch|butter|cream|sahne|molke", "NUT-ALM": "almond|mandel",
    "NUT-HAZ": "hazelnut|haselnu|haselnü", "NUT-WAL": "walnut|walnü", "NUT-CAS": "cashew|kaschu",
    "NUT-PEC": "pecan", "NUT-BRA": "brazil|paranü", "NUT-PIS": "pistachio|pistazie",
    "NUT-MAC": "macadamia", "SES": "sesam", "SO2": "sulphur|schwefel",
}  # fmt: skip
US_OF = {
    "GLU-W": "WHEAT", "EGG": "EGG", "PNT": "PEANUT", "SOY": "SOY", "MLK": "MILK", "SES": "SESAME",
    "NUT-ALM": "TREENUT:ALMOND", "NUT-HAZ": "TREENUT:HAZELNUT", "NUT-WAL": "TREENUT:WALNUT",
    "NUT-CAS": "TREENUT:CASHEW", "NUT-PEC": "TREENUT:PECAN", "NUT-BRA": "TREENUT:BRAZIL NUT",
    "NUT-PIS": "TREENUT:PISTACHIO", "NUT-MAC": "TREENUT:MACADAMIA",
}  # fmt: skip
FLAVOURINGS = {"spice", "flowers"}
KJ_PER_GRAM = {"fat": 37, "carbohydrate": 17, "protein": 17, "fibre": 8, "alcohol": 29, "organic_acids": 13}
FIGURE = re.compile(r"(<0[.,](5|1|01)|0|\d{2,}|\d[.,]\d{1,2}) g")


@pytest.mark.parametrize("hand", range(HANDS))
def test_ten_thousand_bars_keep_the_whole_law(hand: int) -> None:
    for design in valid_bars(Random(f"hand {hand}"), BARS // HANDS):
        family = family_of(design.family)
        labels = [label(design, family, locale) for locale in LOCALES]
        assert sum(portion.mg for portion in recipe(design, family)) == family.net_mg
        for printed in labels:
            check_names(printed, design, family)
            check_list(printed, design, family)
            check_figures(printed)
        check_energy(design, family)
        check_allergens(labels, design, family)
        check_statements(labels[0], design, family)
        check_american(labels[0], design, family)


def check_names(printed: Label, design: Design, family: Family) -> None:
    base = base_of(design, family)
    assert base.chocolate is not None
    filled = any("kadayif" in choice.module for choice in design.choices)
    name = printed.name.lower()
    if base.key == "vegan_white":
        assert not re.search("chocolate|schokolade", name)
    if base.ingredient.diet.vegan:
        assert not re.search("milk|milch", name)
    if filled:
        assert not re.search("cocoa solids|kakao:", name)
        assert name.startswith(("filled ", "gefüllte "))
    else:
        assert uncounted(printed.name) == uncounted(base.chocolate.legal_name.to(printed.locale))
        check_shares_in_the_name(printed, design, family)
    assert not re.search(r"vegan|gluten", f"{name} {printed.ingredients}")
    if base.chocolate.reserved_name == "white chocolate":
        assert not re.search("cocoa|kakao", name)


def check_shares_in_the_name(printed: Label, design: Design, family: Family) -> None:
    """Of the finished bar: the base's own share of the food, as far as the bar is base."""
    chocolate = base_of(design, family).chocolate
    assert chocolate is not None
    of_base = counted(chocolate.legal_name.to(printed.locale))
    for share, whole in zip(counted(printed.name), of_base, strict=True):
        assert abs(share - whole * (1 - design.inclusions_mg / family.net_mg)) <= 0.0500001


def uncounted(name: str) -> str:
    return re.sub(r"\([\d.,]+ %\)", "(%)", name)


def counted(name: str) -> list[float]:
    return [float(share.replace(",", ".")) for share in re.findall(r"\(([\d.,]+) %\)", name)]


def check_list(printed: Label, design: Design, family: Family) -> None:
    """Falling weight, a share for everything but seasoning, and shares that are true."""
    inside = contents(design, family)
    foods: dict[str, list[Module]] = {}
    weights: dict[str, int] = {}
    for part in inside.choices:
        name = opening(part.module.ingredient.text.to(printed.locale))
        foods.setdefault(name, []).append(part.module)
        weights[name] = weights.get(name, 0) + part.mg
    listed = [food for chunk in chunks(printed.ingredients) if (food := food_of(chunk, foods))]
    assert sorted(listed) == sorted(foods)
    assert all(weights[first] >= weights[second] for first, second in pairwise(listed))
    seasoning = {
        name
        for name, modules in foods.items()
        if modules[0].category in FLAVOURINGS
        and modules[0].kind != "decoration"
        and weights[name] * 50 < family.net_mg
    }
    told = {module: quid.share for quid in printed.quid for module in quid.modules}
    assert set(told) == {m.key for name, ms in foods.items() if name not in seasoning for m in ms}
    shares = [Decimal(share.replace(",", ".").strip("<% ")) for share in (q.share for q in printed.quid)]
    assert sum(shares) <= 100
    for quid, share in zip(printed.quid, shares, strict=True):
        exact = Decimal(100 * sum(c.mg for c in design.choices if c.module in quid.modules)) / family.net_mg
        assert abs(share - exact) <= (Decimal("0.05") if exact >= 1 else Decimal("0.01"))
        assert quid.share in printed.ingredients


def check_figures(printed: Label) -> None:
    assert re.fullmatch(r"\d+ kJ / \d+ kcal", printed.nutrition.energy)
    for name in ("fat", "saturates", "carbohydrate", "sugars", "fibre", "protein", "salt"):
        assert FIGURE.fullmatch(getattr(printed.nutrition, name)), getattr(printed.nutrition, name)


def check_energy(design: Design, family: Family) -> None:
    parts = contents(design, family).parts
    expected = sum(part.mg * kj_per_gram(part.module.key, family.key) for part in parts) / family.net_mg
    assert abs(float(sums(contents(design, family)).energy_kj) - 100 * expected) < 1


def check_allergens(labels: list[Label], design: Design, family: Family) -> None:
    """What is emphasised is what is contained, in each language; what is warned of is something else."""
    modules = [family.modules[key] for key in design.modules]
    expected = {code for module in modules for code in module.ingredient.allergens}
    so2 = sum(part.mg * part.module.ingredient.so2_mg_per_kg for part in contents(design, family).parts)
    if so2 > 10 * family.net_mg:
        expected.add("SO2")
    for printed in labels:
        assert set(printed.allergens) == expected
        marks = printed.ingredients.lower().split("**")[1::2]
        assert {code for mark in marks for code in codes_of(mark)} == expected
        assert all(codes_of(mark) for mark in marks)
    traces = {code for module in modules for code in module.ingredient.traces} - expected
    assert traces <= set(printed.may_contain)
    assert not expected & set(printed.may_contain)
    assert (printed.zone == "F") is all(module.free_zone for module in modules)
    if printed.zone == "F":
        assert set(printed.may_contain) == traces
        assert not expected - {"SO2"}
    else:
        assert set(printed.may_contain) == (traces | catalogue_codes(family.key)) - expected


def check_statements(printed: Label, design: Design, family: Family) -> None:
    inside = contents(design, family)
    sweetened = any("sweetener" in module.ingredient.text.en for module in modules_of(design, family))
    assert any("sweetener" in words for words in printed.accompanying) is sweetened
    assert set(printed.accompanying) <= set(printed.statements)
    polyols = sum(part.mg * part.module.ingredient.nutrition.polyols for part in inside.parts)
    assert any("laxative" in words for words in printed.statements) is (polyols > 10 * family.net_mg)
    alcohol = any(not module.ingredient.diet.alcohol_free for module in modules_of(design, family))
    assert any("alcohol" in words for words in printed.statements) is alcohol


def check_american(printed: Label, design: Design, family: Family) -> None:
    american = us_label(design, family)
    expected = {US_OF[code] for code in printed.allergens if code in US_OF}
    if design.has("pine_nuts"):
        expected.add("TREENUT:PINE NUT")
    assert set(american.contains) == expected
    assert not expected & set(american.may_contain)
    blocked = {m.key for m in modules_of(design, family) if "US" in m.ingredient.market_block}
    assert set(american.blocked) == blocked
    assert "%" not in american.ingredients
    assert "*" not in american.ingredients


# ── Bars ─────────────────────────────────────────────────────────────────────────────────────────


def valid_bars(random: Random, count: int) -> Iterator[Design]:
    """Of every family, with few choices and with many, and none that breaks a rule."""
    made = 0
    while made < count:
        design = any_bar(random, family_of(random.choice(FAMILIES)))
        if not problems(design, family_of(design.family), "en"):
            made += 1
            yield design


def any_bar(random: Random, family: Family) -> Design:
    base = random.choice(family.seats["base"])
    design = Design(family.key, family.version, base.key, name="Ada")
    room = family.inclusions_max_permille * family.net_mg // 1000
    for slot in family.slots[1:]:
        for module in random.sample(family.seats[slot.key], random.randint(0, slot.maximum)):
            most = min(family.largest_dose(module), room - design.inclusions_mg)
            if most > 0 and not design.has(module.key):
                mg = random.choice((most, random.randint(1, most), min(most, family.usual_dose(module))))
                design = design.adding(module.key, slot.key, mg)
    return design


@cache
def family_of(key: str) -> Family:
    return from_files(key)


def base_of(design: Design, family: Family) -> Module:
    assert design.base is not None
    return family.modules[design.base]


def modules_of(design: Design, family: Family) -> list[Module]:
    return [family.modules[key] for key in design.modules]


@cache
def catalogue_codes(key: str) -> frozenset[str]:
    return frozenset(c for m in family_of(key).modules.values() for c in m.ingredient.allergens)


@cache
def kj_per_gram(module: str, key: str) -> float:
    nutrition = family_of(key).modules[module].ingredient.nutrition
    kj = sum(float(getattr(nutrition, name)) * factor for name, factor in KJ_PER_GRAM.items())
    return (kj - 7 * float(nutrition.polyols)) / 100


# ── Reading a list ───────────────────────────────────────────────────────────────────────────────


def chunks(ingredients: str) -> list[str]:
    """The foods of the top level, plain."""
    text = ingredients.replace("**", "").partition(": ")[2].removesuffix(".")
    found, depth, start = [], 0, 0
    for match in re.finditer(r"[()]|, ", text):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        elif depth == 0:
            found.append(text[start : match.start()])
            start = match.end()
    return [*found, text[start:]]


@lru_cache(maxsize=1024)
def opening(text: str) -> str:
    return text.replace("**", "").partition(" (")[0]


def food_of(chunk: str, foods: dict[str, list[Module]]) -> str:
    """Of a flat base there are foods that nobody chose."""
    matching = [name for name in foods if re.match(rf"{re.escape(name)}( |$)", chunk)]
    return max(matching, key=len, default="")


@lru_cache(maxsize=1024)
def codes_of(mark: str) -> frozenset[str]:
    return frozenset(code for code, stems in STEMS.items() if re.match(stems, mark))


def test_the_reading_of_lists_is_right_itself() -> None:
    read = chunks("Ingredients: milk chocolate (sugar, **milk**), **almonds** 12 %, salt.")
    assert read == ["milk chocolate (sugar, milk)", "almonds 12 %", "salt"]
    assert codes_of("sahne") == {"MLK"}
    assert isinstance(family_of("bar-100").modules["salt_smoked"].ingredient, Ingredient)
