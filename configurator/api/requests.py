"""What callers of the API send: read strictly, each mistake at its field with the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError

from configurator.api.fields import StrictSerializer, TextField
from configurator.catalogue.families import FamilyUnknown
from configurator.catalogue.sold_out import offered_families, offered_family
from configurator.domain.design import (
    MOST_CHOICES,
    MOST_MOVES,
    PATTERNS,
    SCATTERED,
    SEED_LIMIT,
    WRAPPERS,
    Design,
    Inscription,
    Move,
    Wrapper,
    is_pattern,
)
from configurator.domain.family import Family, Milligrams, Module, Slot
from configurator.domain.label.allergens import ALLERGENS
from configurator.domain.pieces import lies_in_pieces

LOCALES = ("en", "de")
KINDS = ("base", "mix-in", "topping", "decoration")
DIETS = ("vegan", "vegetarian", "gluten_free", "halal_ok", "alcohol_free")
ALLERGEN_CODES = ("GLU", "NUT", *ALLERGENS)
"""GLU and NUT stand for every cereal with gluten and every nut."""
NAME_SIGNS = 120
SHOWN_SIGNS = 40
PAPER_SIGNS = 500

GRAMS = gettext_lazy("Write grams as text with up to three decimals, above 0 and below 1000, such as “2.5”.")


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3})?$", "example": "2.5"})
class GramsField(TextField):
    """Exact grams, such as "84.9"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=dict.fromkeys(("blank", "null"), GRAMS), **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise ValidationError(GRAMS)
        whole, _point, decimals = data.partition(".")
        digits = (whole + decimals).isdecimal() and data.isascii() and not data.endswith(".")
        if not digits or not 1 <= len(whole) <= 3 or len(decimals) > 3 or not Decimal(data):
            raise ValidationError(GRAMS)
        return data


class ChoiceRequest(StrictSerializer):
    module = TextField(max_length=SHOWN_SIGNS)
    slot = TextField(max_length=SHOWN_SIGNS)
    grams = GramsField(required=False, help_text="Text, such as 2.5. Left out: the usual dose.")
    pattern = TextField(
        max_length=SHOWN_SIGNS,
        default=SCATTERED,
        help_text=f"How its pieces lie: {', '.join(PATTERNS)}, or a letter, such as “letter:A”.",
    )


class MoveRequest(StrictSerializer):
    """A piece laid by hand, from the bar's upper left corner; beyond the edge it is moved back."""

    module = TextField(max_length=SHOWN_SIGNS)
    slot = TextField(max_length=SHOWN_SIGNS)
    index = serializers.IntegerField(min_value=0, max_value=999, help_text="As in the scene's pieces.")
    x = serializers.IntegerField(min_value=0, max_value=9999, help_text="Tenths of a millimetre.")
    y = serializers.IntegerField(min_value=0, max_value=9999, help_text="Tenths of a millimetre.")
    turn = serializers.IntegerField(
        min_value=0, max_value=359, default=0, help_text="Degrees, counter-clockwise."
    )


class WrapperRequest(StrictSerializer):
    pattern = serializers.ChoiceField(choices=WRAPPERS, default=WRAPPERS[0])
    text = TextField(max_length=PAPER_SIGNS, default="", allow_blank=True)


class DesignRequest(StrictSerializer):
    family = TextField(max_length=SHOWN_SIGNS)
    base = TextField(max_length=SHOWN_SIGNS, required=False, allow_null=True)
    modules = ChoiceRequest(many=True, required=False, max_length=MOST_CHOICES)  # type: ignore[call-arg]  # goes to its list
    name = TextField(max_length=NAME_SIGNS, required=False, allow_blank=True)
    seed = serializers.IntegerField(
        min_value=0, max_value=SEED_LIMIT - 1, default=1, help_text="Scatters the pieces anew."
    )
    face = TextField(
        max_length=SHOWN_SIGNS, default="", allow_blank=True, help_text="One of the family's faces."
    )
    moves = MoveRequest(many=True, required=False, max_length=MOST_MOVES)  # type: ignore[call-arg]  # goes to its list
    inscription = TextField(
        max_length=PAPER_SIGNS, default="", allow_blank=True, help_text="What a print or a plaque says."
    )
    wrapper = WrapperRequest(required=False)
    locale = serializers.ChoiceField(
        choices=LOCALES, required=False, help_text="Language of the answer. Left out: Accept-Language."
    )
    country = serializers.RegexField(
        r"^[A-Z]{2}\Z",
        required=False,
        help_text="Where it is sent, as ISO 3166 code. Prices include VAT and are the same everywhere.",
        error_messages={"invalid": gettext_lazy("Write a country as two capitals, such as “DE”.")},
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        family = known_family(attrs["family"])
        base = attrs.get("base")
        if base is not None and base not in family.modules:
            raise ValidationError({"base": [_no_module(base)]})
        attrs["design"], attrs["of"] = _design(attrs, family), family
        return attrs

    @property
    def design(self) -> Design:
        design: Design = self.validated_data["design"]
        return design

    @property
    def of(self) -> Family:
        family: Family = self.validated_data["of"]
        return family

    @property
    def language(self) -> str:
        return str(self.validated_data.get("locale") or spoken())


class RepairRequest(DesignRequest):
    """A design, and the module that somebody would like to have in it."""

    module = TextField(max_length=SHOWN_SIGNS)
    slot = TextField(max_length=SHOWN_SIGNS, help_text="One of the family's, also that of the base.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        family, key = attrs["of"], attrs["module"]
        slot = _known_slot(attrs["slot"], family)
        if key not in family.modules:
            raise ValidationError({"module": [_no_module(key)]})
        if not slot.takes(family.modules[key]):
            slots = ", ".join(slot.key for slot in family.slots if slot.takes(family.modules[key]))
            words = _("“%(module)s” does not go there. It goes into: %(slots)s.")
            raise ValidationError({"slot": [words % {"module": key, "slots": slots}]})
        return attrs

    @property
    def place(self) -> tuple[str, str]:
        return self.validated_data["module"], self.validated_data["slot"]


def spoken() -> str:
    """The language of the request, as far as labels are written in it."""
    return "de" if (get_language() or "").startswith("de") else "en"


def known_family(key: str) -> Family:
    try:
        return offered_family(key)
    except FamilyUnknown:
        families = ", ".join(family.key for family in offered_families())
        raise ValidationError(
            {
                "family": [
                    _("We make no “%(key)s”. There are: %(families)s.") % {"key": key, "families": families}
                ]
            }
        ) from None


def _design(attrs: Mapping[str, Any], family: Family) -> Design:
    design = Design(
        family.key,
        family.version,
        attrs.get("base"),
        name=attrs.get("name", ""),
        seed=attrs["seed"],
        face=_face(attrs["face"], family),
        inscription=Inscription(attrs["inscription"]),
        wrapper=Wrapper(**attrs.get("wrapper", {})),
    )
    mistakes: dict[str, Any] = {}
    for place, choice in enumerate(attrs.get("modules", ())):
        wrong = _mistakes(choice, design, family)
        if wrong:
            mistakes[str(place)] = wrong
        else:
            design = design.adding(choice["module"], choice["slot"], _dose(choice, family), choice["pattern"])
    if mistakes:
        raise ValidationError({"modules": mistakes})
    return _with_moves(design, family, attrs.get("moves", ()))


def _face(key: str, family: Family) -> str:
    """The usual face is never named, so that one bar has one digest."""
    faces = [face.key for face in family.faces]
    if key and key not in faces:
        words = _("There is no face “%(key)s” for this bar. There are: %(faces)s.")
        raise ValidationError({"face": [words % {"key": key, "faces": ", ".join(faces)}]})
    return key if key != faces[0] else ""


def _with_moves(design: Design, family: Family, moves: Sequence[Mapping[str, Any]]) -> Design:
    for place, move in enumerate(moves):
        if not any(c.module == move["module"] for c in design.in_slot(move["slot"])):
            words = _("“%(module)s” is not chosen in the slot “%(slot)s”, so no piece of it can be moved.")
            raise ValidationError({"moves": {str(place): [words % dict(move)]}})
        if not lies_in_pieces(family.modules[move["module"]], family.slot(move["slot"])):
            words = _("“%(module)s” has no pieces on top that could be moved.")
            raise ValidationError({"moves": {str(place): [words % dict(move)]}})
        design = design.moving(Move(**move))
    return design


def _mistakes(choice: Mapping[str, Any], design: Design, family: Family) -> dict[str, list[str]]:
    """What cannot be a design at all; what merely breaks a rule is a problem of the design."""
    key, slot = choice["module"], choice["slot"]
    slots = [known.key for known in family.slots if known is not family.base_slot]
    mistakes = {}
    if slot not in slots:
        words = _("There is no slot “%(key)s” for modules. There are: %(slots)s.")
        mistakes["slot"] = [words % {"key": slot, "slots": ", ".join(slots)}]
    if key not in family.modules:
        mistakes["module"] = [_no_module(key)]
    elif not is_pattern(choice["pattern"]):
        words = _("There is no pattern “%(key)s”. There are: %(patterns)s.")
        known = ", ".join((*PATTERNS, "letter:A"))
        mistakes["pattern"] = [words % {"key": choice["pattern"], "patterns": known}]
    elif any(chosen.module == key for chosen in design.in_slot(slot)):
        mistakes["module"] = [_("It stands in this slot already. Give it once, with all its grams.")]
    return mistakes


def _no_module(key: str) -> str:
    return _("We have no “%s”. All we have is listed at /api/v1/modules/.") % key


def _dose(choice: Mapping[str, Any], family: Family) -> Milligrams:
    if "grams" in choice:
        return int(Decimal(choice["grams"]) * 1000)
    return family.usual_dose(family.modules[choice["module"]])


class FamilyFilter(StrictSerializer):
    family = TextField(
        max_length=SHOWN_SIGNS,
        required=False,
        help_text="Whose slots, doses and prices; the first if left out.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["of"] = known_family(attrs["family"]) if "family" in attrs else _first_family()
        return attrs

    @property
    def of(self) -> Family:
        family: Family = self.validated_data["of"]
        return family


def _first_family() -> Family:
    families = offered_families()
    if not families:
        raise NotFound(_("Nothing can be designed here yet: no catalogue is published."))
    return families[0]


class ModuleFilter(FamilyFilter):
    """Allergens and diets are never asked for here: an address ends up in logs (see ModuleSearch)."""

    slot = TextField(max_length=SHOWN_SIGNS, required=False)
    kind = serializers.ChoiceField(choices=KINDS, required=False)
    category = TextField(max_length=SHOWN_SIGNS, required=False)
    search = TextField(
        max_length=80, required=False, allow_blank=True, help_text="Words of names and tastes, en or de."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if "slot" in attrs:
            attrs["slot"] = _known_slot(attrs["slot"], attrs["of"])
        if "category" in attrs:
            _check_category(attrs["category"], attrs["of"])
        return attrs

    @property
    def modules(self) -> list[Module]:
        return [
            module
            for module in self.of.modules.values()
            if not module.retired and self._fits(module, self.validated_data)
        ]

    def _fits(self, module: Module, wanted: Mapping[str, Any]) -> bool:
        return (
            ("slot" not in wanted or wanted["slot"].takes(module))
            and wanted.get("kind", module.kind) == module.kind
            and wanted.get("category", module.category) == module.category
            and all(word in _words(module) for word in wanted.get("search", "").casefold().split())
        )


class ModuleSearch(ModuleFilter):
    """A search with facts about a person's health: sent in the body, never in the address."""

    without_allergens = serializers.ListField(
        child=serializers.ChoiceField(choices=ALLERGEN_CODES),
        required=False,
        max_length=len(ALLERGEN_CODES),
        help_text="Codes; GLU and NUT stand for all cereals with gluten and all nuts.",
    )
    without_traces = serializers.BooleanField(
        default=False, help_text="Leave out too what may contain these allergens through suppliers."
    )
    diets = serializers.ListField(
        child=serializers.ChoiceField(choices=DIETS), required=False, max_length=len(DIETS)
    )

    def _fits(self, module: Module, wanted: Mapping[str, Any]) -> bool:
        food = module.ingredient
        carried = {*food.allergens, *(["SO2"] if food.so2_mg_per_kg else [])}
        if wanted["without_traces"]:
            carried |= set(food.traces)
        return (
            super()._fits(module, wanted)
            and not any(
                code == avoided or code.startswith(f"{avoided}-")
                for code in carried
                for avoided in wanted.get("without_allergens", ())
            )
            and all(getattr(food.diet, diet) for diet in wanted.get("diets", ()))
        )


def _known_slot(key: str, family: Family) -> Slot:
    for slot in family.slots:
        if slot.key == key:
            return slot
    slots = ", ".join(slot.key for slot in family.slots)
    raise ValidationError(
        {"slot": [_("There is no slot “%(key)s”. There are: %(slots)s.") % {"key": key, "slots": slots}]}
    )


def _check_category(key: str, family: Family) -> None:
    categories = dict.fromkeys(module.category for module in family.modules.values())
    if key not in categories:
        words = _("There is no category “%(key)s”. There are: %(categories)s.")
        raise ValidationError({"category": [words % {"key": key, "categories": ", ".join(categories)}]})


def _words(module: Module) -> str:
    texts = (module.name, *module.tastes)
    return " ".join([module.key, *(f"{text.en} {text.de}" for text in texts)]).casefold()
