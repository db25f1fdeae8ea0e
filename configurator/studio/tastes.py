"""What somebody with an account likes: kept, forgotten, and the bar that the studio begins for them.

Allergies and diets are no part of it. They are health data and stay in the browser (docs/choosing.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from configurator.accounts import signed_in
from configurator.catalogue.families import current_families
from configurator.catalogue.starts import start
from configurator.domain.design import Design
from configurator.domain.family import Family, Module
from configurator.domain.tastes import Beginning, LeftOut, Taste, begun_with
from configurator.models import Taste as TasteRow
from configurator.studio.shelves import printed_name
from configurator.wording import NBSP, locale

PLAIN: Final = "plain"
"""In the studio's address: this time without what is liked."""
NOTHING: Final = Taste()


def taste_of(user: User) -> Taste:
    row = TasteRow.objects.filter(account=user.pk).first()
    return row.value if row else NOTHING


def keep(user: User, taste: Taste) -> None:
    """Who likes nothing has no row."""
    if taste.says_something:
        TasteRow.objects.update_or_create(account=user, defaults=asdict(taste))
    else:
        forget(user)


def forget(user: User) -> None:
    TasteRow.objects.filter(account=user.pk).delete()


# ── The bar that begins with it ──────────────────────────────────────────────────────────────────


def beginning(taste: Taste, family: Family) -> Beginning:
    return begun_with(taste, start(family, locale()), family, locale())


def first_bar(request: HttpRequest, family: Family) -> Design:
    """What the studio opens with. Guests are asked nothing."""
    user = None if PLAIN in request.GET else signed_in(request)
    taste = taste_of(user) if user else NOTHING
    if not taste.says_something:
        return start(family, locale())
    begun = beginning(taste, family)
    _tell(request, begun, family)
    return begun.design


@dataclass(frozen=True, slots=True)
class Told:
    """A beginning in words of the page's language."""

    taken: str
    added: str
    left_out: tuple[str, ...]
    """With their reasons."""


def told(begun: Beginning) -> Told:
    names = {key: printed_name(each, locale()) for key, each in _modules().items()}
    return Told(_listed(begun.taken, names), _listed(begun.added, names), _reasons(begun.left_out, names))


def _modules() -> dict[str, Module]:
    """Also what is no longer made; every size has its own."""
    return {key: each for family in current_families() for key, each in family.modules.items()}


def _listed(keys: Iterable[str], names: Mapping[str, str]) -> str:
    """Some names have commas of their own."""
    return " · ".join(names[key] for key in keys)


def _reasons(left_out: Iterable[LeftOut], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_reason(left, names.get(left.module, "")) for left in left_out)


def _reason(left: LeftOut, name: str) -> str:
    """Many reasons name what they are about."""
    if not name:
        return _("Something that we no longer remember.")
    return left.reason if name.replace(NBSP, " ") in left.reason else f"{name}: {left.reason}"


def _tell(request: HttpRequest, begun: Beginning, family: Family) -> None:
    words = told(begun)
    sentences = [_("Your bar begins with what you like.")] if begun.taken else []
    if words.added:
        sentences.append(_("Something of it needs this as well: %(names)s.") % {"names": words.added})
    if words.left_out:
        sentences.append(_("Not in it: %(reasons)s") % {"reasons": " ".join(words.left_out)})
    ways = [_link(reverse("orders:taste"), _("Change what I like"))]
    if begun.taken:
        plain = f"{reverse('configurator:studio', args=[family.key])}?{PLAIN}=1"
        ways = [_link(plain, _("Begin without it")), *ways]
    ways_joined = format_html_join(" · ", "{}", ((way,) for way in ways))
    messages.info(request, format_html("{} {}", " ".join(sentences), ways_joined))


def _link(address: str, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, words)
