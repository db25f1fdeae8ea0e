"""What only type and paper can tell of a design: whether its words fit where they are set, in millimetres."""

from __future__ import annotations

from collections.abc import Iterator

from configurator.domain.constraints import Problem
from configurator.domain.design import INSCRIPTION_MAX, WRAPPER_TEXT_MAX, Design
from configurator.domain.family import Family, Text
from configurator.domain.label.words import written
from configurator.pictures import photos
from configurator.rendering import inscriptions, wrapping
from configurator.rendering.lettering import TextTooLong, TextTooWide
from configurator.rendering.wrapping import Misfit


def problems(design: Design, family: Family, locale: str) -> Iterator[Problem]:
    """What keeps the words and photos of this design from being printed."""
    for misfit in (*_on_paper(design, family), *_on_chocolate(design, family)):
        yield Problem(misfit.rule, (), _words(misfit, locale), _SLOTS[misfit.rule])
    yield from photos.problems(design, family, locale)


def _on_paper(design: Design, family: Family) -> Iterator[Misfit]:
    # A text with too many signs has its problem already; measuring it would tell nothing.
    if len(design.name) <= family.name_max and len(design.wrapper.text) <= WRAPPER_TEXT_MAX:
        yield from wrapping.misfits(design, family)


def _on_chocolate(design: Design, family: Family) -> Iterator[Misfit]:
    text = inscriptions.words_of(design).text
    if len(text) > max(INSCRIPTION_MAX, family.name_max):
        return
    for key in (inscriptions.PRINT, inscriptions.PLAQUE):
        if design.has(key) and not (design.inscription.photo and key == inscriptions.PRINT):
            try:
                inscriptions.lettered_on(key, text, inscriptions.carried_mm(design, family, key))
            except TextTooWide as wide:
                yield Misfit("inscription-width", wide.needed_mm, wide.room_mm)
            except TextTooLong:
                continue


def _words(misfit: Misfit, locale: str) -> str:
    needed, room = (written(f"{mm:.1f}", locale) for mm in (misfit.needed_mm, misfit.room_mm))
    where = _PLACES[misfit.rule]
    return Text(
        f"{where.en}: in the smallest type this takes {needed} mm, and there are {room} mm. Shorten it.",
        f"{where.de}: In der kleinsten Schrift braucht das {needed} mm, Platz sind {room} mm. Kürze es.",
    ).to(locale)


_PLACES = {
    "name-width": Text("Name on the wrapper", "Name auf der Hülle"),
    "wrapper-width": Text("Words on the wrapper", "Worte auf der Hülle"),
    "inscription-width": Text("Words on the chocolate", "Worte auf der Schokolade"),
}
_SLOTS = {"name-width": "name", "wrapper-width": "wrapper", "inscription-width": "inscription"}
