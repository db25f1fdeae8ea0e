"""The form is the design: every choice is a native control of the studio's one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from configurator.designs import DesignUnknown
from configurator.domain.codes import CodeMistyped
from configurator.domain.design import (
    MOST_CHOICES,
    MOST_MOVES,
    SEED_LIMIT,
    WRAPPERS,
    Choice,
    Design,
    Inscription,
    Move,
    Wrapper,
)
from configurator.domain.domains import domains
from configurator.domain.edits import EditsMistaken, applied
from configurator.domain.family import Family, Milligrams, Slot, round_half_up
from configurator.makers import pack_codes
from configurator.models import Design as DesignRow
from configurator.studio.amounts import EXACTLY, exact_mg
from configurator.studio.photo_fields import edited_photo
from configurator.studio.placing_fields import (
    MistypedError,
    PhotoField,
    read_move,
    read_placing,
    typed_pattern,
)

NAME_TYPED_MAX: Final = 200
TEXT_TYPED_MAX: Final = 500
"""More than any wrapper holds, so that a long name is refused in words with what was typed kept."""

NO_SUCH_BAR: Final = _("No bar has this code. Compare it with the pack once more.")

MODULE: Final = re.compile(r"(?P<slot>\w+):(?P<key>[\w-]+)", re.ASCII)
INSTEAD: Final = re.compile(r"(?P<old_slot>\w+):(?P<old_key>[\w-]+) (?P<slot>\w+):(?P<key>[\w-]+)", re.ASCII)


class DesignForm(forms.Form):
    name = forms.CharField(required=False, max_length=NAME_TYPED_MAX, label=_("Name"))
    seed = forms.IntegerField(required=False, min_value=0, max_value=SEED_LIMIT - 1, label=_("Scatter"))

    inscription = forms.CharField(required=False, max_length=TEXT_TYPED_MAX, label=_("Inscription"))
    wrapper = forms.ChoiceField(required=False, choices=[(key, key) for key in WRAPPERS], label=_("Wrapper"))

    def __init__(self, posted: QueryDict, *, family: Family) -> None:
        super().__init__(posted)
        self.fields["wrapper-text"] = forms.CharField(
            required=False, max_length=TEXT_TYPED_MAX, label=_("Words on the wrapper")
        )
        self.fields["wrapper-photo"] = PhotoField(label=_("Photo on the wrapper"))
        self.fields["inscription-photo"] = PhotoField(label=_("Photo of the print"))
        faces = [(face.key, face.name.en) for face in family.faces]
        self.fields["face"] = forms.ChoiceField(required=False, choices=faces, label=_("Face"))
        self.posted, self.family = posted, family
        for slot in family.slots:
            self.fields[slot.key] = _slot_field(slot, family)

    def clean(self) -> dict[str, Any]:
        if len(list(self._chosen())) > MOST_CHOICES:
            words = _("That is too much at once: no bar takes more than %(most)s things. Untick some.")
            raise forms.ValidationError(words, params={"most": MOST_CHOICES})
        for name in self._dose_names():
            self._dose_mg(name)
        self._check_repair()
        return self.cleaned_data | {"moves": self._moves(), "placed": self._placed()}

    def _check_repair(self) -> None:
        try:
            self._repaired(Design(self.family.key, self.family.version))
        except EditsMistaken:
            self.add_error(None, _("What helps could not be read. Choose it once more."))

    def _moves(self) -> list[Move]:
        try:
            return [read_move(typed) for typed in self.posted.getlist("move")[: MOST_MOVES + 1]]
        except MistypedError as mistake:
            self.add_error(None, str(mistake))
            return []

    def _placed(self) -> list[Move]:
        """The piece that the fields for placing by hand speak of, when their button was pressed."""
        move = read_placing(self.posted).move
        # What was mistyped there is told beside its field, and the rest of the bar counts all the same.
        return [move] if move else []

    @property
    def design(self) -> Design:
        """What the form says, with the one edit of the button that sent it."""
        said = self.cleaned_data
        design = Design(
            family=self.family.key,
            version=self.family.version,
            base=said.get(self.family.base_slot.key) or None,
            name=said["name"],
            seed=said["seed"] or 0,
            face=said["face"] if said["face"] != self.family.faces[0].key else "",
            inscription=Inscription(said["inscription"], said["inscription-photo"]),
            wrapper=Wrapper(said["wrapper"] or WRAPPERS[0], said["wrapper-text"], said["wrapper-photo"]),
        )
        design = self._with_new_choices(self._with_dosed_choices(design))
        return self._edited(self._with_moves(self._with_patterns(design)))

    def as_far_as_read(self, shown: Design) -> Design:
        """What a refused form says all the same; what could not be read stays as the page showed it."""
        said = self.cleaned_data
        if len(list(self._chosen())) > MOST_CHOICES:
            said = {name: value for name, value in said.items() if name not in self.family.seats}
        if "repair" in self.posted:
            self.posted = self.posted.copy()
            del self.posted["repair"]
        self.cleaned_data = self._as_shown(shown) | said
        return self.design

    def _as_shown(self, shown: Design) -> dict[str, Any]:
        slots = (slot for slot in self.family.slots if slot is not self.family.base_slot)
        return {
            **{slot.key: [choice.module for choice in shown.in_slot(slot.key)] for slot in slots},
            self.family.base_slot.key: shown.base,
            "name": shown.name,
            "seed": shown.seed,
            "face": shown.face or self.family.faces[0].key,
            "inscription": shown.inscription.text,
            "inscription-photo": shown.inscription.photo,
            "wrapper": shown.wrapper.pattern,
            "wrapper-text": shown.wrapper.text,
            "wrapper-photo": shown.wrapper.photo,
            "moves": list(shown.moves),
            "placed": [],
        }

    def _with_dosed_choices(self, design: Design) -> Design:
        for slot, module in self._chosen():
            mg = self._dose_mg(f"dose-{slot}-{module}")
            if mg:
                design = design.adding(module, slot, mg)
        return design

    def _with_new_choices(self, design: Design) -> Design:
        """What has no dose yet gets the one that the studio offered beside it."""
        for slot, module in self._chosen():
            if Choice(slot, module, 0) not in _undosed(design):
                design = design.adding(module, slot, self._offered_mg(design, slot, module))
        return design

    def _offered_mg(self, design: Design, slot: str, module: str) -> Milligrams:
        usual_mg = self.family.usual_dose(self.family.modules[module])
        if len(design.in_slot(slot)) >= self.family.slot(slot).maximum:
            return usual_mg
        state = domains(design, self.family, "en")[slot].get(module)
        return (state and state.mg) or usual_mg

    def _with_patterns(self, design: Design) -> Design:
        patterned = {
            (choice.slot, choice.module): typed_pattern(self.posted, choice) for choice in design.choices
        }
        choices = (replace(c, pattern=patterned[c.slot, c.module]) for c in design.choices)
        return replace(design, choices=tuple(choices))

    def _with_moves(self, design: Design) -> Design:
        moves = [*self.cleaned_data["moves"], *self.cleaned_data["placed"]]
        return replace(design, moves=tuple(moves))

    def _edited(self, design: Design) -> Design:
        if module := MODULE.fullmatch(self.posted.get("remove", "")):
            design = design.removing(module["key"], module["slot"])
        design = self._repaired(design)
        if places := INSTEAD.fullmatch(self.posted.get("instead", "")):
            design = design.removing(places["old_key"], places["old_slot"])
            design = self._choosing(design, places["slot"], places["key"])
        if module := MODULE.fullmatch(self.posted.get("unmove", "")):
            design = design.unmoved(module["key"], module["slot"])
        if "scatter" in self.posted:
            design = design.scattered(design.seed + 1)
        return edited_photo(design, self.posted)

    def _repaired(self, design: Design) -> Design:
        """Raises EditsMistaken."""
        edits = self.posted.get("repair", "")
        return applied(design, edits, self.family) if edits else design

    def _choosing(self, design: Design, slot: str, module: str) -> Design:
        if module not in self.family.modules or slot not in self.family.seats:
            return design
        if slot == self.family.base_slot.key:
            return design.on_base(module)
        return design.adding(module, slot, self._offered_mg(design, slot, module))

    def _chosen(self) -> Iterator[tuple[str, str]]:
        for slot in self.family.slots:
            if slot is not self.family.base_slot:
                yield from ((slot.key, module) for module in self.cleaned_data.get(slot.key, ()))

    def _dose_names(self) -> list[str]:
        return [f"dose-{slot}-{module}" for slot, module in self._chosen()]

    def _dose_mg(self, name: str) -> Milligrams:
        """0 for a module that has no dose yet."""
        typed = self.posted.get(name, "")
        if typed == EXACTLY:
            return self._exact_mg(name.removeprefix("dose-"))
        if not typed:
            return 0
        if not re.fullmatch(r"[0-9]{1,7}", typed):
            self.add_error(None, _("The amount of an ingredient could not be read. Choose it again."))
            return 0
        return int(typed)

    def _exact_mg(self, place: str) -> Milligrams:
        """What was mistyped is told beside its field, and the amount stays as it was."""
        before = self.posted.get(f"was-{place}", "")
        before_mg = int(before) if re.fullmatch(r"[0-9]{1,7}", before) else 0
        return exact_mg(self.posted.get(f"grams-{place}", "")) or before_mg


def resized(design: Design, family: Family, other: Family) -> Design:
    """The same bar in another size: doses in proportion to the net weight."""
    choices = tuple(
        replace(choice, mg=max(1, round_half_up(choice.mg * other.net_mg, family.net_mg)))
        for choice in design.choices
    )
    face = design.face if design.face in {face.key for face in other.faces} else ""
    # What was laid by hand on one size lies somewhere else on another.
    return replace(design.under(other), choices=choices, face=face, moves=())


def _slot_field(slot: Slot, family: Family) -> forms.Field:
    choices = [(module.key, module.name.en) for module in family.seats[slot.key]]
    if slot is family.base_slot:
        return forms.ChoiceField(choices=[("", ""), *choices], required=False, label=slot.name.en)
    return forms.MultipleChoiceField(choices=choices, required=False, label=slot.name.en)


def _undosed(design: Design) -> frozenset[Choice]:
    return frozenset(Choice(choice.slot, choice.module, 0) for choice in design.choices)


class CodeForm(forms.Form):
    """The code on the pack, as a person types it."""

    code = forms.CharField(
        max_length=40,
        label=_("Code on the pack"),
        error_messages={"required": _("Type the code that is printed under the barcode on the pack.")},
    )

    row: DesignRow
    """The bar of that code."""

    def clean_code(self) -> str:
        try:
            self.row = pack_codes.find(self.cleaned_data["code"])
        except CodeMistyped:
            raise forms.ValidationError(
                _(
                    "One sign of this code seems to be mistyped. It has eleven letters and digits, like "
                    "2345A-6789B-C, and never an O, I, U, 0 or 1."
                )
            ) from None
        except DesignUnknown:
            raise forms.ValidationError(NO_SUCH_BAR) from None
        return str(self.cleaned_data["code"])
