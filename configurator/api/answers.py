"""What the API answers: plain values, and beside them the schema that describes them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from configurator import models
from configurator.api.labels import LabelSerializer, labels_answer
from configurator.api.repairs import ModuleStateSerializer, RepairSerializer, repair_answer, state_answer
from configurator.designs import Review
from configurator.domain.arrangements import described
from configurator.domain.design import Design
from configurator.domain.family import Milligrams
from configurator.domain.pricing import Quote
from configurator.domain.recipe import Portion, grams
from configurator.domain.repairs import cures
from configurator.pictures.previews import preview_url

Answer = dict[str, Any]


# ── Reviews ──────────────────────────────────────────────────────────────────────────────────────


def review_answer(review: Review) -> Answer:
    return {
        "digest": review.digest,
        "code": review.design.code,
        "valid": review.valid,
        "problems": [
            {
                "rule": problem.rule,
                "modules": list(problem.modules),
                "message": problem.message,
                "repairs": [
                    repair_answer(repair)
                    for repair in cures(problem, review.design, review.family, review.locale)
                ],
            }
            for problem in review.problems
        ],
        "domains": {
            slot: {key: state_answer(state) for key, state in modules.items()}
            for slot, modules in review.domains.items()
        },
        "quote": _quote(review.quote),
        "recipe": _recipe(review.recipe),
        "label": labels_answer(review.label, review.design, review.family, review.locale),
        "scene": {
            **asdict(review.scene),
            "words": list(described(review.scene, review.design, review.family, review.locale)),
        },
        "preview": preview_url(review.digest),
    }


def _quote(quote: Quote) -> Answer:
    return {
        "currency": quote.currency,
        "lines": [{"text": line.text, "cents": line.cents} for line in quote.lines],
        "total_cents": quote.total_cents,
    }


def _recipe(recipe: tuple[Portion, ...]) -> list[Answer]:
    """Each module once: how much of it to have at hand, whichever slots it goes to."""
    mg: dict[str, Milligrams] = {}
    for portion in recipe:
        mg[portion.module] = mg.get(portion.module, 0) + portion.mg
    return [{"module": module, "grams": grams(mg[module])} for module in mg]


class DesignProblemSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    modules = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()
    repairs = RepairSerializer(many=True, help_text="Ways to be rid of it, each tried, at most five.")


class PriceLineSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    cents = serializers.IntegerField()


class QuoteSerializer(serializers.Serializer[Any]):
    """Prices include VAT."""

    currency = serializers.CharField()
    lines = PriceLineSerializer(many=True)
    total_cents = serializers.IntegerField()


class PortionSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    grams = serializers.CharField(help_text="Exact, such as 84.9; all of them sum to the net weight.")


class PieceSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    slot = serializers.CharField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    turn = serializers.IntegerField(help_text="Degrees, counter-clockwise.")
    variant = serializers.IntegerField()
    count = serializers.IntegerField(help_text="Real pieces that this one picture stands for.")
    size = serializers.IntegerField(help_text="Thousandths of the catalogue's size.")
    index = serializers.IntegerField(help_text="Which of the choice's pieces: what a move names.")
    moved = serializers.BooleanField(help_text="A person has laid it.")
    layer = serializers.IntegerField(help_text="0 lies on the chocolate; thin ones lie over each other.")


class LeftOverSerializer(serializers.Serializer[Any]):
    """Of these pieces only so many fit on top; the rest goes into the chocolate."""

    module = serializers.CharField()
    slot = serializers.CharField()
    fits = serializers.IntegerField()
    wanted = serializers.IntegerField()


class BumpSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    diameter = serializers.IntegerField()
    variant = serializers.IntegerField()
    mg = serializers.IntegerField(help_text="What it stands for.")


class SceneSerializer(serializers.Serializer[Any]):
    """What the picture shows, in tenths of a millimetre from the upper left corner."""

    family = serializers.CharField()
    length = serializers.IntegerField()
    width = serializers.IntegerField()
    base = serializers.CharField(allow_blank=True)
    bumps = BumpSerializer(many=True)
    pieces = PieceSerializer(many=True, help_text="In painting order.")
    look = serializers.CharField(help_text="Family and face: which bodies show it.")
    left_over = LeftOverSerializer(many=True)
    words = serializers.ListField(
        child=serializers.CharField(), help_text="How each choice lies, for who cannot see the picture."
    )


class ReviewSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField()
    code = serializers.CharField(help_text="The code on the pack.")
    valid = serializers.BooleanField(help_text="True when it can be ordered.")
    problems = DesignProblemSerializer(many=True)
    domains = serializers.DictField(
        child=serializers.DictField(child=ModuleStateSerializer()), help_text="Slot, then module."
    )
    quote = QuoteSerializer()
    recipe = PortionSerializer(many=True)
    label = LabelSerializer()  # type: ignore[assignment]  # a field may have any name
    scene = SceneSerializer()
    preview = serializers.CharField(help_text="Address of the picture, without the host.")


# ── Designs ──────────────────────────────────────────────────────────────────────────────────────


def design_answer(row: models.Design) -> Answer:
    design = row.value
    return {
        "digest": row.digest,
        "code": row.code,
        "family": design.family,
        "version": design.version,
        "base": design.base,
        "modules": [
            {
                "module": choice.module,
                "slot": choice.slot,
                "grams": grams(choice.mg),
                "pattern": choice.pattern,
            }
            for choice in design.choices
        ],
        "name": design.name,
        "seed": design.seed,
        "face": design.face,
        "moves": [asdict(move) for move in design.moves],
        "inscription": design.inscription.text,
        "wrapper": {"pattern": design.wrapper.pattern, "text": design.wrapper.text},
        # A photo is private: where there is one is all that is said of it.
        "photos": [place for place in ("wrapper", "inscription") if getattr(design, place).photo],
        "created_at": row.created_at.isoformat(),
        **_addresses(design),
    }


def _addresses(design: Design) -> Answer:
    digest = design.digest
    return {
        "url": reverse("api-design", args=[digest]),
        "page": reverse("configurator:design", args=[digest]),
        "studio": reverse("configurator:studio-design", args=[design.family, digest]),
        "preview": preview_url(digest),
    }


class ChoiceSerializer(serializers.Serializer[Any]):
    module = serializers.CharField()
    slot = serializers.CharField()
    grams = serializers.CharField()
    pattern = serializers.CharField()


class MoveSerializer(serializers.Serializer[Any]):
    """A piece laid by hand; lengths in tenths of a millimetre."""

    slot = serializers.CharField()
    module = serializers.CharField()
    index = serializers.IntegerField()
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    turn = serializers.IntegerField()


class WrapperSerializer(serializers.Serializer[Any]):
    pattern = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class DesignSerializer(serializers.Serializer[Any]):
    """Addresses are without the host."""

    digest = serializers.CharField()
    code = serializers.CharField(help_text="The code on the pack.")
    family = serializers.CharField()
    version = serializers.CharField(help_text="The version of the catalogue it was made under.")
    base = serializers.CharField(allow_null=True)
    modules = ChoiceSerializer(many=True)
    name = serializers.CharField(allow_blank=True)
    seed = serializers.IntegerField()
    face = serializers.CharField(allow_blank=True, help_text="Empty: the usual one.")
    moves = MoveSerializer(many=True)
    inscription = serializers.CharField(allow_blank=True)
    wrapper = WrapperSerializer()
    photos = serializers.ListField(
        child=serializers.ChoiceField(choices=["wrapper", "inscription"]),
        help_text="Where there is one. Photos are uploaded in the studio, and private.",
    )
    created_at = serializers.DateTimeField()
    url = serializers.CharField()
    page = serializers.CharField(help_text="To look at and to share.")
    studio = serializers.CharField(help_text="To go on designing.")
    preview = serializers.CharField()
