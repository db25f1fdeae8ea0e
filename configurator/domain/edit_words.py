"""Edits as one sentence, such as "Swap “Walnut halves” for 9 g of “Pecan halves” and remove “Sea salt”."."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from configurator.domain.constraints import in_grams
from configurator.domain.design import Design
from configurator.domain.edits import Adding, Edit, OnBase, Removing
from configurator.domain.family import Family, Text


def in_words(edits: tuple[Edit, ...], design: Design, family: Family, locale: str) -> str:
    parts = list(_parts(edits, design, family, locale))
    listed = ", ".join(parts[:-1])
    sentence = f"{listed}{_words(locale, ' and ', ' und ')}{parts[-1]}" if listed else parts[-1]
    return f"{sentence[0].upper()}{sentence[1:]}."


def _parts(edits: tuple[Edit, ...], design: Design, family: Family, locale: str) -> Iterator[str]:
    speaker = _Speaker(design, family, locale)
    waiting = list(edits)
    while waiting:
        edit = waiting.pop(0)
        instead = next((e for e in waiting if _takes_place_of(e, edit)), None)
        if isinstance(edit, Removing) and isinstance(instead, Adding):
            waiting.remove(instead)
            yield speaker.swap(edit, instead)
        else:
            yield speaker.says(edit)


def _takes_place_of(edit: Edit, gone: Edit) -> bool:
    return isinstance(edit, Adding) and isinstance(gone, Removing) and edit.slot == gone.slot


@dataclass(frozen=True, slots=True)
class _Speaker:
    design: Design
    family: Family
    locale: str

    def swap(self, gone: Removing, new: Adding) -> str:
        old = self._name(gone.module)
        return self._words(
            f"swap {old} for {self._amount_en(new)}",
            f"tausche {old} gegen {self._amount_de(new)}",
        )

    def says(self, edit: Edit) -> str:
        name = self._name(edit.module)
        match edit:
            case Removing():
                return self._words(f"remove {name}", f"nimm {name} heraus")
            case OnBase() if self.design.base:
                return self._words(f"change the base to {name}", f"wechsle die Basis zu {name}")
            case OnBase():
                return self._words(f"choose {name} as the base", f"wähle {name} als Basis")
            case Adding(slot, module, mg):
                old_mg = next((c.mg for c in self.design.in_slot(slot) if c.module == module), None)
                if old_mg is None:
                    return self._words(f"add {self._amount_en(edit)}", f"füge {self._amount_de(edit)} hinzu")
                new, old = in_grams(mg, self.locale), in_grams(old_mg, self.locale)
                return self._words(f"take {new} of {name} instead of {old}", f"nimm {new} {name} statt {old}")

    def _amount_en(self, edit: Adding) -> str:
        name = self._name(edit.module)
        return name if self._is_usual(edit) else f"{in_grams(edit.mg, self.locale)} of {name}"

    def _amount_de(self, edit: Adding) -> str:
        name = self._name(edit.module)
        return name if self._is_usual(edit) else f"{in_grams(edit.mg, self.locale)} {name}"

    def _is_usual(self, edit: Adding) -> bool:
        return edit.mg == self.family.usual_dose(self.family.modules[edit.module])

    def _name(self, module: str) -> str:
        name = self.family.modules[module].name.to(self.locale)
        return self._words(f"“{name}”", f"„{name}“")

    def _words(self, en: str, de: str) -> str:
        return _words(self.locale, en, de)


def _words(locale: str, en: str, de: str) -> str:
    return Text(en, de).to(locale)
