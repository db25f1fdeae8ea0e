from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from configurator import currency, limits
from configurator.accounts import signed_in
from orders.account.account_orders import is_buyer
from orders.buying.cookies import remember_order
from orders.gifts import gift_card_papers, gift_card_sales, gift_cards
from orders.gifts.gift_card_codes import CodeLost
from orders.gifts.gift_card_forms import BalanceForm, GiftCardForm
from orders.models import GiftCard
from orders.order_access import kept_secret
from orders.views.cart import locale
from orders.views.checkout import go_and_pay
from orders.views.vouchers import CODES_AN_HOUR

CARDS_AN_HOUR = 20
PAPERS_AN_HOUR = 60


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gift_cards_page(request: HttpRequest) -> HttpResponse:
    """One is bought here."""
    at = now()
    if request.method != "POST":
        return render(request, "orders/gift_cards.html", {"form": _form(request, at)})
    if not limits.within("gift-cards", request, most=CARDS_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    form = _form(request, at)
    if not form.is_valid():
        return render(request, "orders/gift_cards.html", {"form": form}, status=422)
    user = signed_in(request)
    order = gift_card_sales.order(
        form.gift, key=form.cleaned_data["key"], locale=locale(), at=at, account_id=user.pk if user else None
    )
    response = go_and_pay(request, order)
    if not user:
        remember_order(request, response, order.token)
    return response


def _form(request: HttpRequest, at: datetime) -> GiftCardForm:
    typed = request.POST if request.method == "POST" else None
    return GiftCardForm(typed, currency=currency.active(), today=localdate(at))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def balance(request: HttpRequest) -> HttpResponse:
    """What is left on a card. The code is sent, never part of an address."""
    if request.method != "POST":
        return render(request, "orders/gift_card_balance.html", {"form": BalanceForm()})
    # Counted with the codes of the cart: whoever tries codes out is stopped, wherever they are typed.
    if not limits.within("vouchers", request, most=CODES_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    form = BalanceForm(request.POST)
    card = gift_cards.find(form.cleaned_data["code"]) if form.is_valid() else None
    if card is None and not form.errors:
        form.add_error("code", _("We know no gift card with this code. Compare it with your card once more."))
    page = {
        "form": form,
        "card": card,
        "entries": list(card.entries.all()) if card else [],
        "has_run_out": card is not None and card.has_run_out(localdate()),
    }
    return render(request, "orders/gift_card_balance.html", page, status=200 if card else 422)


@require_safe
@never_cache
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """The card as a PDF, only in the browser that bought it: whoever has the code has the money."""
    card = GiftCard.objects.select_related("order").filter(order__token=token, blocked_at=None).first()
    if card is None or not is_buyer(request, card.order):
        raise Http404
    if card.issued_at is None or not card.order.is_paid:
        raise Http404
    if not limits.within("gift-card-papers", request, most=PAPERS_AN_HOUR, seconds=3600):
        return render(request, "429.html", status=429)
    try:
        made = gift_card_papers.pdf(card)
    except CodeLost:
        raise Http404 from None
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{card.number}.pdf"'
    return kept_secret(response)
