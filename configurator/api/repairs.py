"""What the API answers of blocked modules and the ways out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from configurator.domain.design import Design
from configurator.domain.domains import Inquiry, ModuleState
from configurator.domain.family import Family
from configurator.domain.recipe import grams
from configurator.domain.repairs import Repair, repairs

Answer = dict[str, Any]


def repairs_answer(design: Design, family: Family, module: str, slot: str, locale: str) -> Answer:
    state = Inquiry(design, family, locale).state(module, slot)
    found = repairs(design, family, module, slot, locale) if state.state == "blocked" else ()
    return {**state_answer(state), "repairs": [repair_answer(repair) for repair in found]}


def state_answer(state: ModuleState) -> Answer:
    return {"state": state.state, "reason": state.reason, "because": list(state.because)}


def repair_answer(repair: Repair) -> Answer:
    design = repair.design
    return {
        "words": repair.words,
        "edits": repair.edits,
        "cents": repair.cents,
        "base": design.base,
        "modules": [
            {"module": choice.module, "slot": choice.slot, "grams": grams(choice.mg)}
            for choice in design.choices
        ],
    }


class RepairedChoiceSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    slot = serializers.CharField()
    grams = serializers.CharField()


class RepairSerializer(serializers.Serializer[Any]):
    """Tried beforehand: it does what it says and causes no other problem."""

    words = serializers.CharField()
    edits = serializers.CharField(help_text="The same for programs, such as “-toppings:cocoa_nibs”.")
    cents = serializers.IntegerField(help_text="How much dearer the bar becomes; includes VAT.")
    base = serializers.CharField(allow_null=True, help_text="The bar afterwards: its base,")
    modules = RepairedChoiceSerializer(many=True, help_text="and all its modules.")


class ModuleStateSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["chosen", "open", "blocked"])
    reason = serializers.CharField(allow_blank=True)
    because = serializers.ListField(
        child=serializers.CharField(),
        help_text="What is chosen and stands in the way, as “slot:module”. Without any one of these the "
        "module is open, the base only where nothing else will do; when several reasons meet, these are a "
        "smallest set that blocks it by itself.",
    )


class RepairsSerializer(ModuleStateSerializer):
    repairs = RepairSerializer(many=True, help_text="At most five, the best first.")
