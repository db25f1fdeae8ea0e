"""What the customer is told about bars that lacked an ingredient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from configurator import currency
from configurator.wording import money
from orders.models import Order, Refund, RunOutBar
from orders.production.run_outs.outcomes import Outcome, is_begun

State = RunOutBar.State


@contextmanager
def of_customer(order: Order) -> Iterator[None]:
    """The customer's language, and the money of the order."""
    with translation.override(order.locale), currency.override(order.currency):
        yield


def told(done: list[Outcome], by_whom: str, refund: Refund | None) -> str:
    """What was missing, one paragraph for each kind of outcome, and what goes back."""
    paragraphs = [_missing(done)]
    together: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in done:
        together.setdefault((_paragraph(outcome), outcome.instead), []).append(outcome)
    for (paragraph, instead), outcomes in together.items():
        paragraphs.append(paragraph % {"bars": _bars(outcomes), "by_whom": by_whom, "instead": instead})
    if refund:
        paragraphs.append(
            _("%(sum)s goes back the way you paid. One more mail tells you when it is on its way.")
            % {"sum": money(refund.total_cents)}
        )
    return "\n\n".join(paragraphs)


def _missing(done: list[Outcome]) -> str:
    """Once where all of them lack the same."""
    together: dict[str, list[Outcome]] = {}
    for outcome in done:
        locale = outcome.lack.job.order_line.order.locale
        together.setdefault(outcome.lack.names(locale), []).append(outcome)
    if len(together) > 1:
        lines = (f"{_bars(outcomes)}: {gone}" for gone, outcomes in together.items())
        return "\n".join((_("Ingredients of your order have run out:"), *lines))
    (gone,) = together
    return ngettext(
        "An ingredient of your order has run out: %(gone)s.",
        "Ingredients of your order have run out: %(gone)s.",
        len(done[0].lack.modules),
    ) % {"gone": gone}


def _bars(outcomes: list[Outcome]) -> str:
    names = Counter(outcome.lack.job.order_line.name for outcome in outcomes)
    return ", ".join(f"{number} × {name}" if number > 1 else name for name, number in names.items())


def _paragraph(outcome: Outcome) -> str:
    match outcome.state:
        case State.WAITS if is_begun(outcome.lack):
            return _(
                "%(bars)s: already begun, so we can only wait until more has come, and then go on by ourselves. "
                "The parcel waits with it. If you would rather not wait, write to us."
            )
        case State.WAITS:
            return _(
                "%(bars)s: %(by_whom)s, we wait until more has come, and then go on by ourselves. The parcel "
                "waits with it. On the page of your order you can change that at any time."
            )
        case State.PAID_BACK:
            return _("%(bars)s: %(by_whom)s, we leave it out.")
        case State.SWAPPED:
            return _(
                "%(bars)s: %(by_whom)s, we make it with this instead: %(instead)s. Its new label stands on the "
                "page of your order; the price does not rise."
            )
        case _ if len(outcome.lack.modules) > 1:
            return _(
                "%(bars)s: you allowed us to take what comes nearest. We do that for one ingredient, but here more "
                "is missing, so we ask you: shall we wait, or give you the money back? Please choose on the page of "
                "your order. Until then the bar waits."
            )
        case _:
            return _(
                "%(bars)s: you allowed us to take what comes nearest. Nothing that we have now keeps to what "
                "the label of your bar promises, so we ask you what we shall do. Please choose on the page of "
                "your order. Until then the bar waits."
            )
