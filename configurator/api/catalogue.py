"""What the API answers of the catalogue: families and modules, and beside them the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from configurator.catalogue.sold_out import gone, words
from configurator.domain.family import Family, Module, Slot, TenthMm, Text
from configurator.domain.label.allergens import contained, may_contain
from configurator.domain.label.contents import Contents, Part
from configurator.domain.pricing import CURRENCY, surcharge_cents
from configurator.domain.recipe import grams

Answer = dict[str, Any]


# ── Families ─────────────────────────────────────────────────────────────────────────────────────


def family_answer(family: Family) -> Answer:
    return {
        "key": family.key,
        "version": family.version,
        "name": _text(family.name),
        "net_grams": grams(family.net_mg),
        "length_mm": _mm(family.length),
        "width_mm": _mm(family.width),
        "currency": CURRENCY,
        "price_cents": family.price_cents,
        "name_max": family.name_max,
        "outline": family.outline,
        "faces": [{"key": face.key, "name": _text(face.name)} for face in family.faces],
        "inclusions_max_percent": _tenths(family.inclusions_max_permille),
        "slots": [_slot(slot) for slot in family.slots],
    }


def _slot(slot: Slot) -> Answer:
    return {
        "key": slot.key,
        "name": _text(slot.name),
        "kinds": sorted(slot.kinds),
        "minimum": slot.minimum,
        "maximum": slot.maximum,
    }


def _text(text: Text) -> Answer:
    return {"en": text.en, "de": text.de}


def _mm(tenths: TenthMm) -> str:
    return _tenths(tenths)


def _tenths(number: int) -> str:
    whole, rest = divmod(number, 10)
    return f"{whole}.{rest}" if rest else str(whole)


class TextSerializer(serializers.Serializer[Any]):
    en = serializers.CharField(allow_blank=True)
    de = serializers.CharField(allow_blank=True)


class SlotSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = TextSerializer()
    kinds = serializers.ListField(child=serializers.CharField())
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField()


class FaceSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = TextSerializer()


class FamilySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    version = serializers.CharField()
    name = TextSerializer()
    net_grams = serializers.CharField()
    length_mm = serializers.CharField()
    width_mm = serializers.CharField()
    currency = serializers.CharField()
    price_cents = serializers.IntegerField(help_text="Of the bar with the plainest base; includes VAT.")
    name_max = serializers.IntegerField()
    outline = serializers.ChoiceField(choices=["oblong", "heart"])
    faces = FaceSerializer(many=True, help_text="The first one is usual.")
    inclusions_max_percent = serializers.CharField()
    slots = SlotSerializer(many=True)


# ── Modules ──────────────────────────────────────────────────────────────────────────────────────


def module_answer(module: Module, family: Family) -> Answer:
    alone = Contents((Part(module, 1),))
    usual_mg = family.net_mg if module.kind == "base" else family.usual_dose(module)
    shape = module.shape
    return {
        "key": module.key,
        "kind": module.kind,
        "slots": [slot.key for slot in family.slots if slot.takes(module)],
        "name": _text(module.name),
        "category": module.category,
        "tastes": [_text(taste) for taste in module.tastes],
        "usual_grams": grams(usual_mg),
        "largest_grams": grams(family.net_mg if module.kind == "base" else family.largest_dose(module)),
        "surcharge_cents": surcharge_cents(module, usual_mg),
        "sold_out": _sold_out(module, family),
        "ingredients": _text(module.ingredient.text),
        "legal_name": _text(module.chocolate.legal_name) if module.chocolate else None,
        "allergens": list(contained(alone)),
        "may_contain": list(may_contain(alone)),
        "diet": asdict(module.ingredient.diet),
        "nutrition": _nutrients(module),
        "colour": module.colour,
        "piece": {
            "shape": shape.hint,
            "length_mm": _mm(shape.length),
            "width_mm": _mm(shape.width),
            "height_mm": _mm(shape.height),
            "grams": _micrograms(shape.piece_ug),
        },
    }


NUTRIENTS: Mapping[str, str] = {
    "energy_kj": "kJ",
    "energy_kcal": "kcal",
    "fat": "g",
    "saturates": "g",
    "carbohydrate": "g",
    "sugars": "g",
    "fibre": "g",
    "protein": "g",
    "salt": "g",
}


def _nutrients(module: Module) -> Answer:
    nutrition = module.ingredient.nutrition
    return {name: f"{getattr(nutrition, name).normalize():f}" for name in NUTRIENTS}


def _sold_out(module: Module, family: Family) -> Answer | None:
    if module.key not in gone(family):
        return None
    return {locale: words(module.key, family, locale) for locale in ("en", "de")}


def _micrograms(ug: int) -> str:
    whole, rest = divmod(ug, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


class DietSerializer(serializers.Serializer[Any]):
    """Facts of the recipe, never a certificate."""

    vegan = serializers.BooleanField()
    vegetarian = serializers.BooleanField()
    gluten_free = serializers.BooleanField()
    halal_ok = serializers.BooleanField()
    alcohol_free = serializers.BooleanField()


class PieceOfModuleSerializer(serializers.Serializer[Any]):
    """0 grams: a powder, a swirl or a liquid."""

    shape = serializers.CharField()
    length_mm = serializers.CharField()
    width_mm = serializers.CharField()
    height_mm = serializers.CharField()
    grams = serializers.CharField()


class ModuleSerializer(serializers.Serializer[Any]):
    """Doses and surcharge are for the family that was asked for."""

    key = serializers.CharField()
    kind = serializers.CharField()
    slots = serializers.ListField(child=serializers.CharField())
    name = TextSerializer()
    category = serializers.CharField()
    tastes = TextSerializer(many=True)
    usual_grams = serializers.CharField()
    largest_grams = serializers.CharField()
    surcharge_cents = serializers.IntegerField(help_text="For the usual dose; includes VAT.")
    sold_out = TextSerializer(
        allow_null=True, help_text="Why it cannot be had now, and when it may be again; null when it can."
    )
    ingredients = TextSerializer()
    legal_name = TextSerializer(allow_null=True)
    allergens = serializers.ListField(child=serializers.CharField())
    may_contain = serializers.ListField(child=serializers.CharField())
    diet = DietSerializer()
    nutrition = serializers.DictField(child=serializers.CharField(), help_text="Per 100 g, unrounded.")
    colour = serializers.CharField()
    piece = PieceOfModuleSerializer()
