"""The form for a rule: only the fields that its kind needs, modules from a list, amounts in people's units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from configurator.catalogue.rule_lint import findings_with, spoken
from configurator.domain.family import Text
from configurator.domain.label.allergens import ALLERGENS
from configurator.models import Constraint, Module

Kind = Constraint.Kind
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Shape:
    """How a kind of rule reads as a sentence over its fields."""

    name: Words
    example: Words
    modules: Words = ""
    others: Words = ""
    most: Words = ""
    unit: int = 1
    """What is kept for 1 of what is typed."""
    allergen: Words = ""
    bases_only: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name for name in ("modules", "others", "most", "allergen") if getattr(self, name))


SHAPES: Final[dict[str, Shape]] = {
    Kind.EXCLUDES: Shape(
        name=gettext_lazy("Not together"),
        example=gettext_lazy("Popping candy never beside caramel."),
        modules=gettext_lazy("None of these"),
        others=gettext_lazy("together with any of these"),
    ),
    Kind.BASE_EXCLUDES: Shape(
        name=gettext_lazy("Not on a base"),
        example=gettext_lazy("On white chocolate no bronze lustre."),
        modules=gettext_lazy("On these bases"),
        others=gettext_lazy("none of these"),
        bases_only=True,
    ),
    Kind.NEEDS: Shape(
        name=gettext_lazy("Needs one of"),
        example=gettext_lazy("Bronze lustre only on a brown base."),
        modules=gettext_lazy("Any of these"),
        others=gettext_lazy("only together with at least one of these"),
    ),
    Kind.LIMIT: Shape(
        name=gettext_lazy("At most so many"),
        example=gettext_lazy("No more than three strong aromas."),
        modules=gettext_lazy("Of these"),
        most=gettext_lazy("at most so many in one bar"),
    ),
    Kind.LIMIT_GRAMS: Shape(
        name=gettext_lazy("At most so many grams"),
        example=gettext_lazy("No more than 2 g of salt in 100 g."),
        modules=gettext_lazy("Of these together"),
        most=gettext_lazy("at most so many grams in 100 g of bar"),
        unit=1000,
    ),
    Kind.LIMIT_PERCENT: Shape(
        name=gettext_lazy("At most so many per cent"),
        example=gettext_lazy("No more than 5 % powders."),
        modules=gettext_lazy("Of these together"),
        most=gettext_lazy("at most so many per cent of the bar"),
        unit=10,
    ),
    Kind.LIMIT_PRICE: Shape(
        name=gettext_lazy("At most so many euros"),
        example=gettext_lazy("Leaf metals add no more than 5 €."),
        modules=gettext_lazy("What these add to the price (none chosen: the price of the whole bar)"),
        most=gettext_lazy("is at most so many euros"),
        unit=100,
    ),
    Kind.AVOID: Shape(
        name=gettext_lazy("Nothing that contains"),
        example=gettext_lazy("Nothing in the whole shop contains peanuts."),
        allergen=gettext_lazy("Nothing that contains"),
    ),
}
GROUPS: Final = {
    "GLU": Text("all cereals with gluten", "alle glutenhaltigen Getreide"),
    "NUT": Text("all nuts", "alle Nüsse"),
}
MOST_KEPT: Final = 1_000_000_000


class RuleForm(forms.ModelForm[Constraint]):
    """Staff are stopped by what would shut a door on customers, and told of what is merely odd."""

    class Meta:
        model = Constraint
        fields = ("key", "kind", "modules", "others", "most", "allergen", "reason_en", "reason_de")
        widgets = {"kind": forms.HiddenInput}
        labels = {
            "key": gettext_lazy("Key"),
            "reason_en": gettext_lazy("What customers read, in English"),
            "reason_de": gettext_lazy("What customers read, in German"),
        }
        help_texts = {
            "key": gettext_lazy(
                "A short name for us, such as dry-popping-candy. It stays when you rename modules."
            ),
            "reason_en": gettext_lazy("One or two sentences: why not, and what to do instead."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: tuple[str, ...] = ()
        self.kind = self._kind()
        shape = SHAPES[self.kind]
        for name in ("modules", "others", "most", "allergen"):
            if name in shape.fields:
                self.fields[name] = getattr(self, f"_{name}_field")(shape)
            else:
                self.fields.pop(name, None)
        for name in ("reason_en", "reason_de"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 2

    def _kind(self) -> str:
        typed = self.data.get(self.add_prefix("kind")) if self.is_bound else self.initial.get("kind")
        kind = self.instance.kind if self.instance.pk else typed
        return kind if kind in SHAPES else Kind.EXCLUDES

    def _modules_field(self, shape: Shape) -> forms.Field:
        kinds = (Module.Kind.BASE,) if shape.bases_only else tuple(Module.Kind)
        if self.kind in {Kind.LIMIT_GRAMS, Kind.LIMIT_PERCENT}:
            kinds = tuple(kind for kind in Module.Kind if kind != Module.Kind.BASE)
        return self._choice_of_modules(
            shape.modules, "modules", kinds, required=self.kind != Kind.LIMIT_PRICE
        )

    def _others_field(self, shape: Shape) -> forms.Field:
        kinds = tuple(k for k in Module.Kind if not (shape.bases_only and k == Module.Kind.BASE))
        return self._choice_of_modules(shape.others, "others", kinds, required=True)

    def _choice_of_modules(
        self, label: Words, name: str, kinds: Iterable[str], *, required: bool
    ) -> forms.MultipleChoiceField:
        kept = getattr(self.instance, name)
        known = Module.objects.filter(kind__in=list(kinds)) | Module.objects.filter(key__in=kept)
        language = spoken()
        choices = [(module.key, _named(module, language)) for module in known.distinct()]
        # A key that no module has stays in the list, so that it can be taken out.
        gone = [(key, f"{key} ?") for key in kept if key not in dict(choices)]
        return forms.MultipleChoiceField(
            choices=[*choices, *gone],
            label=str(label),
            required=required,
            widget=FilteredSelectMultiple(str(label), is_stacked=False),
            error_messages={"required": _("Choose at least one module.")},
        )

    def _most_field(self, shape: Shape) -> forms.Field:
        places = len(str(shape.unit)) - 1
        if not self.is_bound and self.instance.pk:
            self.initial["most"] = Decimal(self.instance.most) / shape.unit
        return forms.DecimalField(
            label=str(shape.most), min_value=Decimal(1) / shape.unit, max_digits=9, decimal_places=places
        )

    def _allergen_field(self, shape: Shape) -> forms.Field:
        language = spoken()
        texts = {**GROUPS, **ALLERGENS}
        choices = [("", "---"), *((code, f"{text.to(language)} ({code})") for code, text in texts.items())]
        return forms.ChoiceField(choices=choices, label=str(shape.allergen))

    def clean_most(self) -> int:
        return int(self.cleaned_data["most"] * SHAPES[self.kind].unit)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the hook where Django has filled the instance
        if not self.errors:
            found = findings_with(self.instance)
            for finding in found:
                if finding.is_error:
                    self.add_error(finding.field if finding.field in self.fields else None, finding.words)
            self.warnings = tuple(finding.words for finding in found if not finding.is_error)


def _named(module: Module, language: str) -> str:
    name = module.name_de if language == "de" else module.name_en
    retired = _(", retired") if module.retired else ""
    return f"{name} ({module.key}{retired})"
