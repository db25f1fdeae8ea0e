"""Opinions on a bar: the page for friends, who need no account, and the one for its maker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from configurator import designs, limits
from configurator.answers import later
from configurator.catalogue import price_lists
from configurator.domain.design import Design
from configurator.domain.differences import differences
from configurator.domain.edits import EditsMistaken
from configurator.domain.family import Family
from configurator.domain.suggestions import NoLongerFits, Suggestion, suggestions
from configurator.makers import chocolatiers, keeping, opinions
from configurator.makers.keeping import NotYet, NotYours
from configurator.makers.makers import maker_of, recognised, remember
from configurator.makers.opinion_forms import OpinionForm
from configurator.makers.opinions import Advice, NotAsked
from configurator.models import Check, Creation, Opinion
from configurator.models import Design as DesignRow
from configurator.pictures.previews import picture_height, preview_url
from configurator.studio.changes import Families, families_today, in_todays_catalogue, studio_address
from configurator.studio.page import Studio
from configurator.wording import locale

OPINIONS_A_PAGE: Final = 20
LOOKS_A_MINUTE: Final = 60
"""All that is possible is tried for each look, which costs more than most pages."""
OPINIONS_AN_HOUR: Final = 20
"""A family behind one connection fits in."""
CHANGES_A_MINUTE: Final = 60
CHECKS_A_DAY: Final = 10
"""People answer them."""


# ── For friends ──────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give(request: HttpRequest, link: str) -> HttpResponse:
    try:
        creation = opinions.asked_at(link)
    except NotAsked:
        raise Http404 from None
    if not limits.within("opinion-pages", request, most=LOOKS_A_MINUTE, seconds=60):
        return later(request)
    about = opinions.seen(creation, request.POST.get("about", ""))
    if request.method != "POST":
        return _page(request, creation, _form(about))
    form = _form(about, request.POST)
    if not form.is_valid() or opinions.is_full(creation):
        return _page(request, creation, form, status=422)
    if not limits.within("opinions", request, most=OPINIONS_AN_HOUR, seconds=3600):
        return later(request, 3600)
    seen, _family = _today(about, families_today())
    opinions.give(creation, about=designs.find(seen.digest), at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Thank you. Whoever designs this bar reads it now, and nobody else does."))
    return redirect("configurator:opinion", link)


def _form(about: DesignRow, posted: Any = None) -> OpinionForm:
    design, family = _today(about, families_today())
    possible: tuple[Suggestion, ...] = ()
    if family.version == design.version:
        possible = suggestions(design, family, locale(), price_lists.active())
    return OpinionForm(posted, possible=possible, family=family)


def _page(request: HttpRequest, creation: Creation, form: OpinionForm, status: int = 200) -> HttpResponse:
    review = designs.review(*_today(creation.design, families_today()), locale())
    page = {
        "form": form,
        "about": creation.design_id,
        "review": review,
        "studio": Studio(review),
        "is_full": opinions.is_full(creation),
        "is_own": creation.maker == maker_of(request),
        "creation": creation,
    }
    return render(request, "configurator/opinion.html", page, status=status)


def _today(row: DesignRow, families: Families) -> tuple[Design, Family]:
    """As it can be made today; a kind of bar that is no longer sold stays as it was."""
    current = families.get(row.value.family)
    if current is None:
        return row.value, designs.family_of(row)
    return in_todays_catalogue(row, current)[0], current


# ── For its maker ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class HeardOpinion:
    opinion: Opinion
    advice: Advice | None
    is_of_an_earlier_bar: bool


@require_safe
@never_cache
def hear(request: HttpRequest, key: UUID) -> HttpResponse:
    creation = _own(request, key)
    hidden = request.GET.get("hidden") == "1"
    page = Paginator(opinions.of(creation, hidden=hidden), OPINIONS_A_PAGE).get_page(request.GET.get("page"))
    design, family = _today(creation.design, families_today())
    heard = [_heard(opinion, creation, design, family) for opinion in page.object_list]
    link = reverse("configurator:opinion", args=[creation.opinions_link]) if creation.opinions_link else ""
    answer = render(
        request,
        "configurator/opinions.html",
        {
            "creation": creation,
            "page": page,
            "heard": heard,
            "hidden": hidden,
            "link": link,
            "checks": [_answered(check, design, family) for check in chocolatiers.of(creation)],
            "question_max": Check.WORDS_MAX,
            "address": settings.SHOP_URL + link,
            "back": studio_address(creation.design.value),
            "picture": preview_url(creation.design_id, 300),
            "picture_height": picture_height(family, 300),
        },
    )
    if request.method == "GET":
        opinions.was_read(creation)
    remember(recognised(request), answer)
    return answer


def _heard(opinion: Opinion, creation: Creation, design: Design, family: Family) -> HeardOpinion:
    advice = opinions.advice(opinion, design, family, locale())
    return HeardOpinion(opinion, advice, opinion.about_id not in {creation.design_id, design.digest})


@require_POST
def change_link(request: HttpRequest, key: UUID) -> HttpResponse:
    creation = _own(request, key)
    if not _is_calm(request):
        return later(request)
    try:
        _change_link(request, creation)
    except NotYet as why:
        messages.error(request, str(why))
    return redirect("configurator:opinions", key)


def _change_link(request: HttpRequest, creation: Creation) -> None:
    if request.POST.get("link") == "open":
        opinions.open_link(creation)
        messages.success(request, _("The address is open. Give it to your friends."))
    elif request.POST.get("link") == "close":
        opinions.close_link(creation)
        messages.success(request, _("The address is closed. What was said stays here."))
    else:
        messages.error(request, _("Choose whether the address is open or closed."))


@require_POST
def apply(request: HttpRequest, key: UUID, opinion: int) -> HttpResponse:
    """One click, and the bar is changed; one more, and it is as before."""
    creation, said = _of_own(request, key, opinion)
    if not _is_calm(request):
        return later(request)
    design, family = _today(creation.design, families_today())
    try:
        kept = opinions.take_up(said, creation, design, family, locale=locale(), at=timezone.now())
    except NoLongerFits as why:
        messages.error(request, _("This no longer fits: %(why)s") % {"why": why})
    except EditsMistaken:
        messages.error(request, _("This no longer fits: it is with something that we no longer make."))
    else:
        messages.success(request, _("Your bar is changed as suggested. Undo takes it back."))
        return redirect(studio_address(designs.find(kept.design).value))
    return redirect("configurator:opinions", key)


@require_POST
def hide(request: HttpRequest, key: UUID, opinion: int) -> HttpResponse:
    _creation, said = _of_own(request, key, opinion)
    if not _is_calm(request):
        return later(request)
    opinions.hide(said, at=None if "show" in request.POST else timezone.now())
    return redirect("configurator:opinions", key)


@require_POST
def report(request: HttpRequest, key: UUID, opinion: int) -> HttpResponse:
    """By the only one who reads it, to the staff."""
    _creation, said = _of_own(request, key, opinion)
    if not _is_calm(request):
        return later(request)
    opinions.report(said, at=timezone.now())
    messages.success(request, _("Reported. Somebody of us looks at it; you can hide it until then."))
    return redirect("configurator:opinions", key)


# ── The chocolatier's check ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class AnsweredCheck:
    check: Check
    differences: tuple[str, ...]
    """What would change today, if the variant were taken up."""


def _answered(check: Check, design: Design, family: Family) -> AnsweredCheck:
    made = chocolatiers.with_variant(check, design, family)
    return AnsweredCheck(check, differences(design, family, made, family, locale()) if made else ())


@require_POST
def ask_chocolatiers(request: HttpRequest, key: UUID) -> HttpResponse:
    creation = _own(request, key)
    if not limits.within("checks", request, most=CHECKS_A_DAY, seconds=86_400):
        return later(request, 3600)
    question = request.POST.get("question", "").replace("\0", "").strip()
    if len(question) > Check.WORDS_MAX:
        messages.error(
            request, _("That is too long: write at most %(most)s signs.") % {"most": Check.WORDS_MAX}
        )
    elif chocolatiers.ask(creation, question, at=timezone.now()):
        messages.success(request, _("Asked. The answer appears here and in the studio."))
    else:
        messages.info(request, _("You have asked already. The answer appears here and in the studio."))
    return redirect("configurator:opinions", key)


@require_POST
def accept(request: HttpRequest, key: UUID, check: int) -> HttpResponse:
    creation = _own(request, key)
    answered = Check.objects.filter(creation=creation, pk=check).select_related("variant").first()
    if answered is None:
        raise Http404
    if not _is_calm(request):
        return later(request)
    design, family = _today(creation.design, families_today())
    try:
        kept = chocolatiers.accept(answered, creation, design, family, locale=locale(), at=timezone.now())
    except NotYet as why:
        messages.error(request, str(why))
        return redirect("configurator:opinions", key)
    messages.success(request, _("Your bar is changed as suggested. Undo takes it back."))
    return redirect(studio_address(designs.find(kept.design).value))


def _own(request: HttpRequest, key: UUID) -> Creation:
    """Only its maker reaches a creation; for everybody else there is none."""
    try:
        return keeping.own(maker_of(request), key)
    except NotYours:
        raise Http404 from None


def _of_own(request: HttpRequest, key: UUID, opinion: int) -> tuple[Creation, Opinion]:
    creation = _own(request, key)
    said = Opinion.objects.filter(creation=creation, pk=opinion).select_related("about").first()
    if said is None:
        raise Http404
    return creation, said


def _is_calm(request: HttpRequest) -> bool:
    return limits.within("keeping", request, most=CHANGES_A_MINUTE, seconds=60)
