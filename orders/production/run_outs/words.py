"""What the customer is told about bars that lacked an ingredient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation
from django.utils.translation import gettext as _

from configurator import currency
from configurator.wording import money
from orders.models import Order, Refund, RunOutBar
from orders.production import consent
from orders.production.run_outs.outcomes import Outcome

State = RunOutBar.State


@contextmanager
def of_customer(order: Order) -> Iterator[None]:
    """The customer's language, and the money of the order."""
    with translation.override(order.locale), currency.override(order.currency):
        yield


def told(done: list[Outcome], by_whom: str, refund: Refund | None) -> str:
    """What was missing, one paragraph for each kind of outcome, and what goes back."""
    first = done[0].bar
    gone = consent.name_of(first.run_out.module, first.job.order_line, first.job.order_line.order.locale)
    paragraphs = [_("An ingredient of your order has run out: %(gone)s.") % {"gone": gone}]
    together: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in done:
        together.setdefault((outcome.state, outcome.instead), []).append(outcome)
    for (state, instead), outcomes in together.items():
        paragraphs.append(
            _paragraph(state) % {"bars": _bars(outcomes), "by_whom": by_whom, "instead": instead}
        )
    if refund:
        paragraphs.append(
            _("%(sum)s goes back the way you paid. One more mail tells you when it is on its way.")
            % {"sum": money(refund.total_cents)}
        )
    return "\n\n".join(paragraphs)


def _bars(outcomes: list[Outcome]) -> str:
    names = Counter(outcome.bar.job.order_line.name for outcome in outcomes)
    return ", ".join(f"{number} × {name}" if number > 1 else name for name, number in names.items())


def _paragraph(state: str) -> str:
    match state:
        case State.WAITS:
            return _(
                "%(bars)s: %(by_whom)s, we wait until more has come, and then go on by ourselves. The parcel "
                "waits with it. On the page of your order you can choose something else at any time."
            )
        case State.PAID_BACK:
            return _("%(bars)s: %(by_whom)s, we leave it out.")
        case State.SWAPPED:
            return _(
                "%(bars)s: %(by_whom)s, we make it with this instead: %(instead)s. Its new label stands on the "
                "page of your order; the price does not rise."
            )
        case _:
            return _(
                "%(bars)s: you allowed us to take what comes nearest. Nothing that we have now keeps to what "
                "the label of your bar promises, so we ask you: shall we wait, give you the money back, or "
                "take something else? Please choose on the page of your order. Until then the bar waits."
            )
