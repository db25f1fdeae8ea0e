"""What search engines may find, in each language, in files of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Model, QuerySet
from django.urls import reverse

from configurator.families import current_families
from shop.models import ReadyBar

PAGES: Final = ("shop:home", "shop:bars", "configurator:code", "shop:legal")


class _InEachLanguage(Sitemap[Any]):
    i18n = alternates = x_default = True
    # Each comes in every language and names all of them: about a kilobyte.
    limit = 500

    def __init__(self) -> None:
        self.protocol = urlsplit(settings.SHOP_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SHOP_URL).netloc


class Pages(_InEachLanguage):
    def items(self) -> Sequence[str]:
        return PAGES

    def location(self, item: str) -> str:
        return reverse(item)


class Studios(_InEachLanguage):
    def items(self) -> Sequence[str]:
        return [family.key for family in current_families()]

    def location(self, item: str) -> str:
        return reverse("configurator:studio", args=[item])


class ReadyBars(_InEachLanguage):
    def items(self) -> QuerySet[ReadyBar]:
        return ReadyBar.objects.filter(published=True).select_related("design")

    def location(self, item: Model) -> str:
        assert isinstance(item, ReadyBar)
        return reverse("configurator:design", args=[item.design.digest])


SITEMAPS: Final[dict[str, type[Sitemap[Any]]]] = {"pages": Pages, "studios": Studios, "bars": ReadyBars}
