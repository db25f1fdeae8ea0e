"""What a change of the bar brought, in a sentence or two for those who hear the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from configurator.designs import Review
from configurator.domain.arrangements import pattern_words
from configurator.domain.design import Design, Move, Photo
from configurator.domain.family import Family
from configurator.domain.label.words import written
from configurator.studio.page import WRAPPER_NAMES
from configurator.wording import grams, money


def news_since(review: Review, shown: Design) -> str:
    """What is new, the price, and whether the bar can be ordered; nothing where nothing is new."""
    if review.design == shown:
        return ""
    changes = _changes(shown, review.design, review.family, review.locale)
    verdict = review.problems[0].message if review.problems else _("The bar is complete.")
    return " ".join([*changes, f"{money(review.quote.total_cents)}.", verdict])


def _changes(before: Design, after: Design, family: Family, locale: str) -> Iterator[str]:
    names = {key: module.name.to(locale) for key, module in family.modules.items()}
    if after.base != before.base and after.base:
        yield _("Base: %(name)s.") % {"name": names[after.base]}
    if after.face != before.face:
        key = after.face or family.faces[0].key
        name = next((face.name.to(locale) for face in family.faces if face.key == key), key)
        yield _("Face: %(name)s.") % {"name": name}
    old = {(choice.slot, choice.module): choice for choice in before.choices}
    new = {(choice.slot, choice.module): choice for choice in after.choices}
    for place in (place for place in new if place not in old):
        yield _("%(name)s added.") % {"name": names[place[1]]}
    for place in (place for place in old if place not in new):
        yield _("%(name)s removed.") % {"name": names.get(place[1], place[1])}
    for place in (place for place in new if place in old):
        if new[place].mg != old[place].mg:
            yield _("%(name)s: %(grams)s.") % {"name": names[place[1]], "grams": grams(new[place].mg)}
        if new[place].pattern != old[place].pattern:
            yield f"{names[place[1]]}: {pattern_words(new[place].pattern, locale)}."
    yield from _laid_by_hand(before, after, names, locale)
    if after.name != before.name:
        yield _("Named %(name)s.") % {"name": after.name} if after.name else _("The name is gone.")
    if after.seed != before.seed:
        yield _("Scattered anew.")
    yield from _printed(before, after)


def _laid_by_hand(before: Design, after: Design, names: Mapping[str, str], locale: str) -> Iterator[str]:
    laid = [move for move in after.moves if move not in before.moves]
    if len(laid) == 1:
        yield _lies(laid[0], names, locale)
    elif laid:
        words = ngettext("%(count)s piece laid by hand.", "%(count)s pieces laid by hand.", len(laid))
        yield words % {"count": len(laid)}
    still_there = {(move.slot, move.module, move.index) for move in after.moves}
    back = sum(
        any((move.slot, move.module) == (choice.slot, choice.module) for choice in after.choices)
        and (move.slot, move.module, move.index) not in still_there
        for move in before.moves
    )
    if back:
        yield ngettext("%(count)s piece put back.", "%(count)s pieces put back.", back) % {"count": back}


def _lies(move: Move, names: Mapping[str, str], locale: str) -> str:
    """Also for who has nudged or turned it and does not see the picture."""
    words = _("%(name)s: %(x)s mm from the left, %(y)s mm from the top, turned by %(turn)s°.")
    x, y = (written(f"{tenths / 10:.12g}", locale) for tenths in (move.x, move.y))
    return words % {"name": names.get(move.module, move.module), "x": x, "y": y, "turn": move.turn}


def _printed(before: Design, after: Design) -> Iterator[str]:
    """What is new on the paper, and in the words and photos on paper and chocolate."""
    old, new = before.wrapper, after.wrapper
    if new.pattern != old.pattern:
        yield _("Wrapper: %(name)s.") % {"name": WRAPPER_NAMES.get(new.pattern, new.pattern)}
    if new.text != old.text:
        words = _("Words on the wrapper: %(words)s.") % {"words": new.text}
        yield words if new.text else _("The words on the wrapper are gone.")
    if after.inscription.text != before.inscription.text:
        words = _("Words on the chocolate: %(words)s.") % {"words": after.inscription.text}
        yield words if after.inscription.text else _("The words on the chocolate are gone.")
    if new.photo != old.photo:
        yield _("Photo on the wrapper: %(change)s.") % {"change": _photo_change(old.photo, new.photo)}
    if after.inscription.photo != before.inscription.photo:
        change = _photo_change(before.inscription.photo, after.inscription.photo)
        yield _("Photo of the print: %(change)s.") % {"change": change}


def _photo_change(before: Photo | None, after: Photo | None) -> str:
    if after is None:
        return _("taken off")
    return _("another part of it") if before and before.digest == after.digest else _("a new one")
