from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from configurator.catalogue.families import all_current_families
from configurator.studio.shelves import ModuleCard, shelves
from configurator.wording import locale
from shop import identity
from shop.models import ReadyBar
from shop.ready_bars import TAGS, offers

BARS_A_PAGE = 12
SHOWN_AT_HOME = 7
"""One in the hero, six below it."""

ROBOTS = (
    "User-agent: *",
    "Disallow: /admin/",
    "Disallow: /floor/",
    "Disallow: /api/v1/",
    # One for each module that each bar ever opened cannot take.
    "Disallow: /*/why/",
    # Every wish and every comparison that could be made: their number has no end, and each costs work.
    "Disallow: /*wish/?",
    "Disallow: /*wish/facts/",
    "Disallow: /*compare/?",
    # Whoever follows it begins a bar.
    "Disallow: /*m/*/bar/",
)

SHOWCASED = (
    "raspberry_fd",
    "pistachio_chopped",
    "coffee_bean_whole",
    "caramel_salted",
    "almond_whole",
    "rose_petals",
    "cornflakes",
    "chili_flakes",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    shown = offers(_on_sale()[:SHOWN_AT_HOME], locale())
    return render(request, "shop/home.html", {"hero": shown[:1], "offers": shown[1:], **_selection()})


@require_safe
def bars(request: HttpRequest) -> HttpResponse:
    tag = request.GET.get("tag", "")
    page = Paginator(_on_sale(tag), BARS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "shop/bars.html",
        {"page": page, "offers": offers(page.object_list, locale()), "tags": TAGS.items(), "tag": tag},
    )


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/legal.html")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(_request: HttpRequest) -> HttpResponse:
    sitemap = settings.SHOP_URL + reverse("shop:sitemaps")
    return HttpResponse("\n".join([*ROBOTS, "", f"Sitemap: {sitemap}", ""]), content_type="text/plain")


# The addresses carry a version, so both may be kept for good.
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(identity.theme(), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(_request: HttpRequest) -> HttpResponse:
    mark = identity.logo()
    if mark is None:
        raise Http404
    return HttpResponse(mark.content, content_type=mark.content_type)


def _on_sale(tag: str = "") -> QuerySet[ReadyBar]:
    bars = ReadyBar.objects.filter(published=True).select_related("design")
    # Tags are a list of keys; the quotation marks make a whole key of it.
    return bars.filter(tags__icontains=f'"{tag}"') if tag in TAGS else bars


def _selection() -> dict[str, object]:
    """A glimpse of what there is to choose from, and how much of it."""
    families = all_current_families()
    family = next((family for family in families if family.is_bar), None)
    if family is None:
        return {}
    shelf = shelves(family.version, locale())["toppings"]
    cards: dict[str, ModuleCard] = {card.key: card for card in shelf.cards}
    bases = len(family.seats[family.base_slot.key])
    return {
        "showcase": [cards[key] for key in SHOWCASED if key in cards],
        "bases": bases,
        "others": len(family.modules) - bases,
        "sample_box": next((each.key for each in families if not each.is_bar), ""),
    }
