from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from configurator import currency
from configurator.catalogue import price_lists

YEAR: Final = 365 * 86_400


# The form stands on every page: a token would give each of them a cookie. What a stranger's page could
# reach by it is that prices are shown in another currency, with its sign beside them.
@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Prices in another currency, on the page one came from."""
    response = HttpResponseRedirect(_page_before(request), status=303)
    chosen = request.POST.get("currency", "")
    if chosen in price_lists.offered(timezone.localdate()):
        response.set_cookie(
            currency.COOKIE,
            chosen,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _page_before(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("shop:home")
