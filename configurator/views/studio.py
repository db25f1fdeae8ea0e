"""The studio: a form that is a design."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from configurator import day_counts, designs
from configurator.answers import later, visible_or_404
from configurator.catalogue.starts import start
from configurator.domain.family import Family
from configurator.makers import creations
from configurator.makers.makers import maker_of, recognised, remember
from configurator.models import DayCount
from configurator.pictures import photos
from configurator.studio.amounts import read_amounts
from configurator.studio.changes import (
    Families,
    changed,
    design_shown,
    families_today,
    in_todays_catalogue,
    is_hurried,
    page_of,
    studio_address,
)
from configurator.studio.forms import DesignForm
from configurator.studio.page import Studio
from configurator.studio.photo_fields import PHOTO_STAYS
from configurator.studio.surprises import with_surprise
from configurator.studio.tastes import first_bar
from configurator.wording import locale


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest, family: str) -> HttpResponse:
    """GET opens a design to start from; POST takes the form, which is a design, and shows it."""
    families = families_today()
    if family not in families:
        raise Http404
    chosen = families[family]
    if request.method != "POST":
        day_counts.count(DayCount.What.OPENED, now().date())
        first = first_bar(request, chosen) if chosen.is_bar else start(chosen, locale())
        return redirect(studio_address(designs.save(first).value))
    if is_hurried(request):
        return later(request)
    form = DesignForm(request.POST, family=chosen)
    if form.is_valid():
        said = photos.without_strange(form.design, request)
        if chosen.is_bar:
            said = with_surprise(request, said, chosen)
        return changed(request, said, chosen, families)
    return _refused(request, form, chosen, families)


@gzip_page
@require_safe
def studio_design(request: HttpRequest, family: str, digest: str) -> HttpResponse:
    row, families = visible_or_404(request, digest), families_today()
    if row.value.family != family or family not in families:
        raise Http404
    value, news = in_todays_catalogue(row, families[family])
    for words in news:
        messages.info(request, words)
    if photos.without_strange(value, request) != value:
        messages.info(request, PHOTO_STAYS)
    page = Studio(
        designs.review(value, families[family], locale()),
        search=request.GET.get("q", "")[:60],
        amounts=read_amounts(request.GET, locale()),
    )
    trail = creations.opened(maker_of(request), digest)
    response = render(request, "configurator/studio.html", page_of(request, page, trail, families))
    if trail.place:
        remember(recognised(request), response)
    return response


def _refused(request: HttpRequest, form: DesignForm, family: Family, families: Families) -> HttpResponse:
    """Only a page of ours that is out of date, or a forged form, comes here; what could be read counts."""
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    said = form.as_far_as_read(design_shown(request, family))
    return changed(request, photos.without_strange(said, request), family, families)
