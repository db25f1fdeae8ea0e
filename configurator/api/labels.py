"""The labels in the API's answer: the EU's in the language asked for, and that of the United States."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from configurator.domain.design import Design
from configurator.domain.family import Family
from configurator.domain.label import Label
from configurator.domain.label.markets import UNITED_STATES, blocks
from configurator.domain.label.us import us_label

Answer = dict[str, Any]


def labels_answer(label: Label, design: Design, family: Family, locale: str) -> Answer:
    return {"eu": _eu(label), "us": _us(design, family, locale)}


def _eu(label: Label) -> Answer:
    return {
        "name": label.name,
        "accompanying": list(label.accompanying),
        "ingredients": label.ingredients,
        "quid": [asdict(quid) for quid in label.quid],
        "allergens": list(label.allergens),
        "may_contain": list(label.may_contain),
        "precaution": label.precaution,
        "nutrition": asdict(label.nutrition),
        "portion": asdict(label.portion) if label.portion else None,
        "statements": list(label.statements),
        "net": label.net_quantity,
        "net_quantity": label.net_quantity,
        "storage": label.storage,
        "zone": label.zone,
        "keeps_months": label.keeps_months,
        "bags": [_eu(bag) for bag in label.bags],
    }


def _us(design: Design, family: Family, locale: str) -> Answer:
    reasons = {block.module: block.reason.to(locale) for block in blocks(design, family, UNITED_STATES)}
    return {**asdict(us_label(design, family)), "reasons": reasons}


class NutritionSerializer(serializers.Serializer[Any]):
    """As printed."""

    energy = serializers.CharField()
    fat = serializers.CharField()
    saturates = serializers.CharField()
    carbohydrate = serializers.CharField()
    sugars = serializers.CharField()
    fibre = serializers.CharField()
    protein = serializers.CharField()
    salt = serializers.CharField()


class QuidSerializer(serializers.Serializer[Any]):
    """The share of one food in the finished bar, as it stands in the list."""

    modules = serializers.ListField(child=serializers.CharField())
    name = serializers.CharField()
    share = serializers.CharField()


class PortionOfBarSerializer(serializers.Serializer[Any]):
    grams = serializers.CharField()
    count = serializers.IntegerField(help_text="So many are in the bar.")
    nutrition = NutritionSerializer()


class EuLabelSerializer(serializers.Serializer[Any]):
    """As printed; allergens are emphasised as **word**."""

    name = serializers.CharField(allow_blank=True)
    accompanying = serializers.ListField(
        child=serializers.CharField(), help_text="Those of the statements that stand beside the name."
    )
    ingredients = serializers.CharField(allow_blank=True)
    quid = QuidSerializer(many=True)
    allergens = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    may_contain = serializers.ListField(
        child=serializers.CharField(), help_text="Codes, by the zone it is made in and its suppliers."
    )
    precaution = serializers.CharField(allow_blank=True)
    nutrition = NutritionSerializer(help_text="Per 100 g.")
    portion = PortionOfBarSerializer(allow_null=True)
    statements = serializers.ListField(child=serializers.CharField())
    net = serializers.CharField()
    net_quantity = serializers.CharField(help_text="The same as net.")
    storage = serializers.CharField()
    zone = serializers.ChoiceField(
        choices=["F", "O"], help_text="Where it is made: F is free from all of Annex II, O is open."
    )
    keeps_months = serializers.IntegerField()
    bags = serializers.ListField(
        child=serializers.DictField(),
        help_text="Of a box of samples: the label of each bag, with these same fields. Empty for a bar.",
    )


class NutritionFactsSerializer(serializers.Serializer[Any]):
    """Rounded as printed, in grams unless the name says otherwise."""

    calories = serializers.IntegerField()
    total_fat = serializers.CharField()
    sat = serializers.CharField()
    trans = serializers.CharField()
    chol_mg = serializers.CharField()
    sodium_mg = serializers.IntegerField()
    carb = serializers.CharField()
    fibre = serializers.CharField()
    sugars = serializers.CharField()
    added = serializers.CharField()
    sugar_alcohol = serializers.CharField()
    protein = serializers.CharField()
    vit_d_mcg = serializers.FloatField()
    calcium_mg = serializers.IntegerField()
    iron_mg = serializers.FloatField()
    potassium_mg = serializers.IntegerField()
    daily = serializers.DictField(
        child=serializers.IntegerField(), help_text="Per cent of the daily value, by the names above."
    )


class UsLabelSerializer(serializers.Serializer[Any]):
    """In English, whatever language was asked for."""

    name = serializers.CharField(allow_blank=True)
    ingredients = serializers.CharField(allow_blank=True)
    contains = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    contains_statement = serializers.CharField(allow_blank=True)
    may_contain = serializers.ListField(child=serializers.CharField(), help_text="Codes.")
    precaution = serializers.CharField(allow_blank=True)
    nutrition = NutritionFactsSerializer(help_text="Per serving.")
    nutrition_of_bar = NutritionFactsSerializer(
        allow_null=True, help_text="The second column, where the law asks for one."
    )
    serving = serializers.CharField()
    servings = serializers.IntegerField()
    net_quantity = serializers.CharField()
    storage = serializers.CharField()
    zone = serializers.ChoiceField(choices=["F", "O"])
    blocked = serializers.ListField(
        child=serializers.CharField(), help_text="Modules that may not be sold in the United States."
    )
    reasons = serializers.DictField(
        child=serializers.CharField(), help_text="Why, by module, in the language asked for."
    )


class LabelSerializer(serializers.Serializer[Any]):
    eu = EuLabelSerializer()
    us = UsLabelSerializer()
