from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from configurator import currency, limits
from configurator.pictures import photos
from orders.account.account_orders import is_buyer
from orders.after import bar_pages
from orders.buying import cart as carts
from orders.buying import checkout
from orders.buying.whose_cart import key_to_fill, remember_cart
from orders.models import Job, JobState, Order, OrderLine, Payment, Refund
from orders.models.production import ScrapReason
from orders.models.shipment import parcels_of
from orders.money import payments
from orders.money.payments import NotPayable, StillPayable
from orders.order_access import kept_secret, order_or_404
from orders.papers import keys
from orders.production import as_made
from orders.production.progress import BarProgress, is_cancelled, is_shipped, is_untouched, naming, progress
from orders.production.run_outs import questions, shortage
from orders.views.responses import SeeOther

LOOKS_A_MINUTE = 120


@require_safe
@cache_control(private=True, no_store=True)
def order(request: HttpRequest, token: str) -> HttpResponse:
    """What was bought, paid, and where each bar is, for whoever has the link."""
    if not limits.within("orders", request, most=LOOKS_A_MINUTE, seconds=60):
        return render(request, "429.html", status=429)
    found = order_or_404(token)
    bars = progress(found)
    if found.is_paid and any(bar.waits for bar in bars):
        bars = naming(bars, shortage.lacks_of(found, at=now()), get_language() or "en")
    lines = list(found.lines.select_related("design", "box"))
    # Whoever holds the link of an order sees what was ordered, in whatever browser.
    photos.show_to(request, (photo.digest for line in lines for photo in line.design.value.photos))
    page = {
        "order": found,
        "lines": lines,
        "boxes": list({line.box_id: line.box for line in lines if line.box}.values()),
        "parcels": parcels_of(found),
        "progress": groups(bars, {line.pk: line.box.name for line in lines if line.box}),
        "made": bar_pages.made_bars(found) if any(is_on_its_way(bar) for bar in bars) else (),
        "asked": found.is_paid and any(bar.waits for bar in bars) and questions.most_urgent(found),
        "stand_ins": stand_ins(found) if any(bar.swapped for bar in bars) else (),
        "shipped": is_shipped(bars),
        "any_shipped": any(bar.shipped for bar in bars),
        "is_cancelled": is_cancelled(bars),
        "may_cancel": found.is_paid and is_untouched(bars),
        "bank_works": found.awaits_payment and bank_works(found),
        "refunds": refunds_of(found),
        "thread": list(found.messages.all()),
        "claims": list(found.claims.prefetch_related("lines").select_related("job__order_line")),
        # A link is passed on easily; the address is shown only where it was typed.
        "is_buyer": is_buyer(request, found),
        "papers": keys.address_of(found) if found.paid_at and not found.sells_gift_card else "",
    }
    with currency.override(found.currency):
        response = render(request, "orders/order.html", page)
    return kept_secret(response)


def stand_ins(order: Order) -> list[tuple[int, OrderLine]]:
    """What is made of something else than was ordered, and not swapped once more; equal bars once, and how many."""
    made = OrderLine.every.filter(order=order).exclude(instead_of=None)
    equal: dict[tuple[str, str], list[OrderLine]] = {}
    for line in made.exclude(jobs__scrap_reason=ScrapReason.SWAPPED).select_related("design", "order"):
        equal.setdefault((line.design_id, line.name), []).append(line)
    return [(len(lines), lines[0]) for lines in equal.values()]


def is_on_its_way(bar: BarProgress) -> bool:
    """From the mould on it may have been photographed."""
    return any(milestone.state == JobState.MOULDED for milestone in bar.milestones)


@require_safe
@cache_control(private=True, max_age=3600)
def photo_of_bar(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """As the bar was made, also with a photo on it: whoever has the link of the order brought it. `?small`: for mails."""
    job = Job.objects.filter(order_line__order=order_or_404(token), code=code).first()
    photo = as_made.last_of([job]).get(job.pk) if job else None
    if photo is None:
        raise Http404
    try:
        read = as_made.read_small if "small" in request.GET else as_made.read
        response = HttpResponse(read(photo), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    return kept_secret(response)


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars of one line that are at the same place, so that 99 bars are not 99 sentences."""

    bars: tuple[BarProgress, ...]
    box: str = ""
    """The gift box they are for."""

    @property
    def name(self) -> str:
        return self.bars[0].name

    @property
    def words(self) -> str:
        return self.bars[0].words

    @property
    def shipped(self) -> bool:
        return self.bars[0].shipped

    @property
    def of(self) -> int:
        return self.bars[0].of

    @property
    def is_whole(self) -> bool:
        return len(self.bars) == self.of

    @property
    def since(self) -> datetime:
        return max(bar.since for bar in self.bars)


def groups(bars: Iterable[BarProgress], boxes: Mapping[int, str]) -> list[BarGroup]:
    together: dict[tuple[int, str], list[BarProgress]] = {}
    for bar in bars:
        together.setdefault((bar.line_id, bar.words), []).append(bar)
    return [BarGroup(tuple(group), boxes.get(line_id, "")) for (line_id, _words), group in together.items()]


def bank_works(order: Order) -> bool:
    """A direct debit takes days; whoever is asked to pay again meanwhile pays twice."""
    return order.payments.filter(state=Payment.State.PROCESSING).exists()


def refunds_of(order: Order) -> list[Refund]:
    """What goes back of the money that the order took; of no interest where it never was."""
    taken = Refund.objects.filter(payment__order=order, payment__accepted=True)
    return list(taken.exclude(state=Refund.State.FAILED).order_by("created_at"))


@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Gives up an unpaid order and puts its bars back into a cart."""
    found = order_or_404(token)
    try:
        payments.cancel(found, at=now())
    except NotPayable:
        messages.info(request, _("This order is paid or closed, so it cannot be changed here any more."))
    except StillPayable:
        messages.error(request, _("The payment page could not be closed. Please try again in a minute."))
    else:
        if found.sells_gift_card:
            messages.success(request, _("The order is cancelled. Nothing has to be paid for it."))
            return SeeOther(reverse("orders:gift-cards"))
        messages.success(request, _("The order is cancelled and its bars are back in your cart."))
        cart = checkout.refill(found, key_to_fill(request), at=now())
        response = SeeOther(reverse("orders:cart"))
        remember_cart(request, response, cart.key, carts.count(cart.key))
        return response
    return SeeOther(reverse("orders:order", args=[token]))
