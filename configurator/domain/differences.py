"""What is different between two bars, in words: how one was made of the other."""

from __future__ import annotations

from collections.abc import Iterator

from configurator.domain.constraints import in_grams
from configurator.domain.design import Choice, Design
from configurator.domain.family import Family, Text


def differences(before: Design, then: Family, after: Design, now: Family, locale: str) -> tuple[str, ...]:
    """A few words for each change, what goes into the bar first; each design is read under its own family."""
    said = (
        *_of_the_bar(before, then, after, now),
        *_of_choices(before, then, after, now, locale),
        *_of_looks(before, after),
    )
    return tuple(text.to(locale) for text in said)


def _of_the_bar(before: Design, then: Family, after: Design, now: Family) -> Iterator[Text]:
    if after.family != before.family:
        yield Text(f"{now.name.en} instead of {then.name.en}", f"{now.name.de} statt {then.name.de}")
    if after.base and after.base != before.base:
        new = now.modules[after.base].name
        old = then.modules[before.base].name if before.base else None
        yield Text(f"{new.en} instead of {old.en}", f"{new.de} statt {old.de}") if old else new


def _of_choices(before: Design, then: Family, after: Design, now: Family, locale: str) -> Iterator[Text]:
    old, new = _by_place(before), _by_place(after)
    for place, choice in new.items():
        name = now.modules[choice.module].name
        if place not in old:
            grams = in_grams(choice.mg, locale)
            yield Text(f"with {name.en}, {grams}", f"mit {name.de}, {grams}")
        elif after.family == before.family and choice.mg != old[place].mg:
            yield _of_grams(name, old[place], choice, locale)
    for place, choice in old.items():
        if place not in new:
            name = then.modules[choice.module].name
            yield Text(f"without {name.en}", f"ohne {name.de}")


def _of_grams(name: Text, before: Choice, after: Choice, locale: str) -> Text:
    new, old = in_grams(after.mg, locale), in_grams(before.mg, locale)
    more = after.mg > before.mg
    return Text(
        f"{'more' if more else 'less'} {name.en}: {new} instead of {old}",
        f"{'mehr' if more else 'weniger'} {name.de}: {new} statt {old}",
    )


def _of_looks(before: Design, after: Design) -> Iterator[Text]:
    if _lie_differently(before, after):
        yield Text("laid in another way", "anders gelegt")
    if after.wrapper != before.wrapper:
        yield Text("another wrapper", "eine andere Hülle")
    if after.inscription != before.inscription:
        yield Text("other words on the chocolate", "andere Worte auf der Schokolade")
    if after.name != before.name:
        yield Text("another name", "ein anderer Name")


def _lie_differently(before: Design, after: Design) -> bool:
    patterns = {place: choice.pattern for place, choice in _by_place(before).items()}
    changed = any(
        choice.pattern != patterns.get(place, choice.pattern) for place, choice in _by_place(after).items()
    )
    return changed or (after.face, after.seed, after.moves) != (before.face, before.seed, before.moves)


def _by_place(design: Design) -> dict[tuple[str, str], Choice]:
    return {(choice.slot, choice.module): choice for choice in design.choices}
