"""On the page of an order, once it is placed: questions, withdrawal, and a bar that is not as it should be."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from configurator import limits
from configurator.pictures import photos
from configurator.pictures.photos import PhotoRefused
from orders import conversation
from orders.after import claims, withdrawing
from orders.after.after_forms import ClaimForm, FindOrderForm, QuestionForm, WithdrawalForm
from orders.after.claims import PHOTOS_MOST, ClaimRefused, Told
from orders.after.withdrawing import NothingToWithdraw
from orders.conversation import TooManyQuestions
from orders.models import Order
from orders.order_access import kept_secret, order_or_404
from orders.views.responses import SeeOther

TEN_MINUTES: Final = 600
ACTS_IN_TEN_MINUTES: Final = 20

View = Callable[..., HttpResponse]


def _at_most(purpose: str, most: int = ACTS_IN_TEN_MINUTES) -> Callable[[View], View]:
    def limited(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, **address: Any) -> HttpResponse:
            if request.method == "POST" and not limits.within(
                purpose, request, most=most, seconds=TEN_MINUTES
            ):
                return render(request, "429.html", status=429)
            return view(request, **address)

        return counted

    return limited


def _to_order(order: Order) -> HttpResponse:
    return SeeOther(reverse("orders:order", args=[order.token]))


# ── Questions ────────────────────────────────────────────────────────────────────────────────────


@require_POST
@_at_most("questions")
def ask(request: HttpRequest, token: str) -> HttpResponse:
    order, form = order_or_404(token), QuestionForm(request.POST)
    if not form.is_valid():
        page = {"order": order, "form": form}
        return kept_secret(render(request, "orders/question.html", page, status=422))
    try:
        conversation.ask(order, form.cleaned_data["words"], at=now())
    except TooManyQuestions:
        messages.warning(request, _("So many of your questions wait for an answer. We write to you soon."))
    else:
        messages.success(request, _("Your question is with us. The answer comes by mail, and stands here."))
    return _to_order(order)


# ── Withdrawal ───────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@_at_most("withdrawals")
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """What can be withdrawn from, until when, what cannot and why; with the button that declares it."""
    order, at = order_or_404(token), now()
    rights = withdrawing.rights(order, at=at)
    form = WithdrawalForm(request.POST or None, rights=rights)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawing.withdraw(
                order, form.cleaned_data["lines"] or None, name=form.cleaned_data["name"], at=at
            )
        except NothingToWithdraw as nothing:
            messages.error(request, str(nothing))
        else:
            messages.success(
                request, _("Your withdrawal is with us. A receipt is on its way to you by mail.")
            )
        return _to_order(order)
    page = {
        "order": order,
        "form": form,
        "rights": rights,
        "is_open": withdrawing.is_card_open(order, at=at)
        or (order.is_paid and any(each.is_open for each in rights)),
        "chosen": request.POST.getlist("lines") if form.is_bound else [str(each.line.pk) for each in rights],
    }
    return kept_secret(render(request, "orders/withdrawal.html", page, status=422 if form.errors else 200))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@_at_most("withdrawals")
def withdraw_by_number(request: HttpRequest) -> HttpResponse:
    """For whoever has not got the order's page at hand; without an account, and it shows nothing of the order."""
    form = FindOrderForm(request.POST or None)
    done = False
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        order = withdrawing.find(typed["number"], typed["email"])
        if order is None:
            form.add_error(
                "number", _("No order has this number and this address. Both stand in its confirmation.")
            )
        else:
            try:
                withdrawing.withdraw(order, None, name=typed["name"], at=now())
                done = True
            except NothingToWithdraw as nothing:
                form.add_error(None, str(nothing))
    page = {"form": form, "done": done}
    return render(request, "orders/withdrawal_by_number.html", page, status=422 if form.errors else 200)


# ── A bar that is not as it should be ────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
@_at_most("claims", most=10)
def claim(request: HttpRequest, token: str) -> HttpResponse:
    order, at = order_or_404(token), now()
    bars = list(claims.bars(order, at=at)) if order.is_paid else []
    if not bars:
        messages.info(request, _("There is no bar of this order that you could tell us about here."))
        return _to_order(order)
    form = ClaimForm(request.POST or None, bars=bars)
    if request.method == "POST" and _is_claimed(request, order, form):
        messages.success(request, _("Thank you for telling us. We look at it and write to you."))
        return _to_order(order)
    page = {"order": order, "form": form, "most": PHOTOS_MOST}
    return kept_secret(render(request, "orders/claim.html", page, status=422 if form.errors else 200))


def _is_claimed(request: HttpRequest, order: Order, form: ClaimForm) -> bool:
    if not form.is_valid():
        return False
    uploads = request.FILES.getlist("photos")
    if not 1 <= len(uploads) <= PHOTOS_MOST:
        form.add_error(None, _("Add one to three photos, so that we see what you see."))
        return False
    typed = form.cleaned_data
    try:
        pictures = [photos.developed(upload) for upload in uploads]
        claims.open_claim(order, Told(typed["bar"], typed["kind"], typed["words"], pictures), at=now())
    except PhotoRefused as refusal:
        form.add_error(None, refusal.words)
    except ClaimRefused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors
