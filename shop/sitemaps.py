"""What search engines may find, in each language, in files of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from configurator.catalogue.families import all_current_families, current_families
from shop import gallery

PAGES: Final = (
    "shop:home",
    "shop:bars",
    "shop:gallery",
    "configurator:wish",
    "configurator:modules",
    "configurator:code",
    "shop:legal",
)


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
        return [family.key for family in all_current_families()]

    def location(self, item: str) -> str:
        return reverse("configurator:studio", args=[item])


class Modules(_InEachLanguage):
    def items(self) -> Sequence[str]:
        return sorted({key for family in current_families() for key in family.modules})

    def location(self, item: str) -> str:
        return reverse("configurator:module", args=[item])


class Bars(_InEachLanguage):
    """Ours and those that people show; what nobody published is for those who were given its address."""

    def items(self) -> QuerySet[Any, str]:
        return gallery.rows("newest").values_list("digest", flat=True)

    def location(self, item: str) -> str:
        return reverse("configurator:design", args=[item])


SITEMAPS: Final[dict[str, type[Sitemap[Any]]]] = {
    "pages": Pages,
    "studios": Studios,
    "modules": Modules,
    "bars": Bars,
}
