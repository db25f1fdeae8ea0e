"""An ingredient runs out after the order: who goes without it, and what the customer allowed is carried out.

Who is due last goes without, decided by the books alone; what nobody can take back waits for a while,
for a lot is blocked in a hurry and sometimes by mistake (docs/stock.md, "When it does not suffice").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from configurator import currency, designs, sold_out
from configurator.domain.family import Cents, Milligrams
from configurator.domain.label.facts import PINE_NUT
from configurator.domain.pricing import quote
from configurator.families import family_under
from configurator.wording import money
from orders import conversation, parts, promise, refunds, stock
from orders.basket import prices_of_page
from orders.models import (
    CupDose,
    Job,
    JobState,
    Order,
    OrderLine,
    Payment,
    PaymentState,
    PendingWork,
    Refund,
    RefundLine,
    RunOut,
    RunOutBar,
    Stock,
    StockMove,
    Substitution,
)
from orders.models.run_out import LACKING
from orders.order_writing import stand_in
from orders.production import allergens, consent, steps
from orders.production.consent import Way
from orders.production.refusals import StepRefused
from orders.stock import OutOfStock
from orders.tasks import ring_on_commit

PAUSE: Final = timedelta(minutes=15)
"""From the moment a bar is put on hold until money moves or another ingredient goes in."""
WAYS_SHOWN: Final = 4
CODES_NAMED: Final = 10
TO_BE_WEIGHED: Final = (JobState.QUEUED,)
TO_BE_POURED: Final = (JobState.QUEUED, JobState.KITTED)

State = RunOutBar.State


class NothingPaid(Exception):
    """The order has no payment that could give anything back."""


class ChangedMeanwhile(Exception):
    """The bar goes on, was begun or left out, or what was chosen has gone too."""


# ── Who goes without ─────────────────────────────────────────────────────────────────────────────


def look_again(module: str, *, at: datetime) -> None:
    """There is more or less of it than before: a worker looks who has what, once however often it is said."""
    times = {"created_at": at, "try_at": at, "rung_at": at}
    shelf = Stock.objects.filter(module__key=module).first()
    if shelf is None:
        return
    work, is_new = PendingWork.objects.get_or_create(
        kind=PendingWork.Kind.SHORTAGE, stock=shelf, defaults=times
    )
    if not is_new:
        # Without its lease a worker that is at it cannot call done what it looked at too early.
        afresh = {"done_at": None, "stuck_at": None, "last_error": "", "attempts": 0}
        PendingWork.objects.filter(pk=work.pk).update(
            **afresh, lease=None, leased_until=None, try_at=at, rung_at=at
        )
    ring_on_commit([work])


def look_at_all(*, at: datetime) -> int:
    """What nobody has said: more is promised than there is, or bars still wait for something. How many."""
    overdrawn = stock.overdrawn(at=at)
    awaited = RunOutBar.objects.filter(state__in=LACKING).values_list("run_out__module", flat=True)
    modules = {*overdrawn, *awaited}
    for module in sorted(modules):
        look_again(module, at=at)
    return len(modules)


def look_after(module: str, *, at: datetime) -> int:
    """Puts on hold who goes without it, and lets go on who need not any more. How many are put on hold.

    Safe to say again, and in two workers at once.
    """
    short = without(module)
    for bar in _lacking(module).exclude(job__in=[job.pk for job in short]):
        _go_on(bar, at=at)
    fresh = sorted((job for job in short if job.on_hold_since is None), key=lambda job: _order_of(job).pk)
    return sum(
        _put_on_hold(order, module, list(jobs), at=at) for order, jobs in groupby(fresh, key=_order_of)
    )


def without(module: str) -> list[Job]:
    """The bars for which what may be used of it does not suffice.

    It goes to those first in whose cup it is already, then to who is due first; a bar that needs less than the one
    before it may still have what is left. A bar on hold for another reason keeps its place.
    """
    if not Stock.objects.filter(module__key=module, limited=True).exists():
        return []
    there = _usable(module)
    in_cup = _weighed(module)
    open_bars = Job.objects.filter(
        job_state__in=TO_BE_POURED, order_line__order__payment_state=PaymentState.PAID
    ).select_related("order_line__order")
    missing = []
    for job in sorted(
        open_bars.defer("order_line__labels", "order_line__price_lines"),
        key=lambda job: (job.pk not in in_cup, job.due_on, job.pk),
    ):
        needed = _needed(job, module)
        if needed > there:
            missing.append(job)
        else:
            there -= needed
    return missing


def _usable(module: str) -> Milligrams:
    """On the shelf and in temperers, and not put aside."""
    moves = StockMove.objects.filter(stock=module).exclude(kind__in=StockMove.PROMISES)
    return int(moves.aggregate(mg=Sum("mg"))["mg"] or 0)


def _weighed(module: str) -> set[int]:
    """Bars not kitted yet in whose cup it lies, from a lot that is not blocked."""
    doses = CupDose.objects.filter(module=module, job__job_state=JobState.QUEUED)
    blocked = doses.exclude(lot__blocked_at=None).values_list("job", flat=True)
    return set(doses.values_list("job", flat=True)) - set(blocked)


def _needed(job: Job, module: str) -> Milligrams:
    """What of it still has to go into the bar."""
    if job.job_state not in (TO_BE_POURED if module == job.base else TO_BE_WEIGHED):
        return 0
    return sum(portion["mg"] for portion in job.order_line.recipe if portion["module"] == module)


def _order_of(job: Job) -> Order:
    return job.order_line.order


def _lacking(module: str) -> QuerySet[RunOutBar]:
    bars = RunOutBar.objects.filter(state__in=LACKING, run_out__module=module)
    return bars.select_related("job", "run_out")


def _put_on_hold(order: Order, module: str, jobs: list[Job], *, at: datetime) -> int:
    """Each only if it is still where it was, and with it the work that carries out what the customer allowed."""
    reason = f"{module}: " + _("there is not enough of it")
    with transaction.atomic():
        _locked(order)
        held = [job for job in jobs if _held(job, reason, at)]
        if not held:
            return 0
        run_out = RunOut.objects.create(order=order, module=module, at=at)
        RunOutBar.objects.bulk_create(
            # What has been weighed already can only wait: it was agreed on before anything was made.
            RunOutBar(
                run_out=run_out,
                job=job,
                state=State.OPEN if job.job_state == JobState.QUEUED else State.WAITS,
                changed_at=at,
            )
            for job in held
        )
        if any(job.job_state == JobState.QUEUED for job in held):
            # No bell now: the sweep rings when its time has come.
            PendingWork.objects.create(
                kind=PendingWork.Kind.CONSENT, run_out=run_out, created_at=at, try_at=at + PAUSE, rung_at=at
            )
        return len(held)


def _held(job: Job, reason: str, at: datetime) -> bool:
    still_there = Job.objects.filter(pk=job.pk, job_state=job.job_state).exists()
    try:
        return still_there and steps.hold(job, reason, by=None, at=at)
    except StepRefused:
        return False


def _go_on(bar: RunOutBar, *, at: datetime) -> None:
    with transaction.atomic():
        _locked(bar.run_out.order)
        lacked = RunOutBar.objects.filter(pk=bar.pk, state__in=LACKING)
        if lacked.update(state=State.OVER, changed_at=at) and bar.job.missing == bar.run_out.module:
            steps.go_on(bar.job)
            _look_at_the_rest(bar.job, at)


def let_go(job: Job, *, at: datetime) -> None:
    """A person let it go on, or left it out: nothing more is done by itself."""
    RunOutBar.objects.filter(job=job, state__in=LACKING).update(state=State.OVER, changed_at=at)


def of_job(job: Job) -> RunOutBar | None:
    """What it is on hold for by the books; None where a person put it there."""
    return RunOutBar.objects.filter(job=job, state__in=LACKING).select_related("run_out").first()


def _look_at_the_rest(job: Job, at: datetime) -> None:
    """Whether something else is missing too."""
    for module in sorted(_modules(job.order_line).intersection(stock.overdrawn(at=at))):
        look_again(module, at=at)


# ── What the customer allowed ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done about one bar, as the customer is told."""

    bar: RunOutBar
    state: str
    instead: str = ""
    back_cents: Cents = 0
    """Of what was paid for its line."""


def carry_out(run_out: RunOut, *, at: datetime) -> list[Outcome]:
    """For every bar that still lacks it, all in one transaction: once, whoever comes second finds nothing left."""
    sold_out.forget()
    # What came a moment ago may be enough, before anybody has said so.
    look_after(run_out.module, at=at)
    with transaction.atomic(), _in_words_of(run_out.order):
        order = _locked(run_out.order)
        bars = run_out.bars.filter(state=State.OPEN).select_related(*_OF_A_BAR).order_by("pk")
        done = [_done(bar, order.substitution, at) for bar in bars]
        refund = _give_back(done, at)
        told = [outcome for outcome in done if outcome.state != State.OVER]
        if told:
            conversation.say(order, _words(run_out, told, _("as you allowed"), refund), by=None, at=at)
    _send(refund, at)
    return done


_OF_A_BAR: Final = (
    "job__order_line__order",
    "job__order_line__instead_of",
    "job__order_line__design",
    "job__shipment",
)


def _done(bar: RunOutBar, allowed: str, at: datetime) -> Outcome:
    if not _can_be_changed(bar):
        return _kept(Outcome(bar, State.OVER), at)
    match allowed:
        case Substitution.WAIT:
            return _kept(Outcome(bar, State.WAITS), at)
        case Substitution.REFUND:
            return _kept(_left_out(bar, at), at)
        case _:
            found = _swapped_first(bar, (way for way in _ways_of(bar, at) if way.asks_nothing), at)
            return _kept(found or Outcome(bar, State.ASKED), at)


def _kept(outcome: Outcome, at: datetime, answered_at: datetime | None = None) -> Outcome:
    RunOutBar.objects.filter(pk=outcome.bar.pk).update(
        state=outcome.state, changed_at=at, answered_at=answered_at
    )
    return outcome


def _can_be_changed(bar: RunOutBar) -> bool:
    job = bar.job
    return (
        job.order_line.order.is_paid
        and job.job_state == JobState.QUEUED
        and job.on_hold_since is not None
        and job.missing == bar.run_out.module
    )


def _left_out(bar: RunOutBar, at: datetime) -> Outcome:
    """For good; what it cost goes back."""
    job, line = bar.job, bar.job.ordered_line
    steps.leave_out(job, by=None, at=at)
    promise.free_bars(job.order_line.order, parcel=job.shipment.place, base=job.base, bars=1)
    return Outcome(bar, State.PAID_BACK, back_cents=line.total_cents // line.quantity)


def _give_back(done: list[Outcome], at: datetime) -> Refund | None:
    """All of it in one refund, which the customer allowed; None where nothing goes back."""
    costly = [outcome for outcome in done if outcome.back_cents]
    if not costly:
        return None
    order = costly[0].bar.job.order_line.order
    payment = order.payments.filter(accepted=True).first()
    if payment is None:
        raise NothingPaid(order.number)
    shares = _shares(order, costly, payment)
    if not shares:
        return None
    refund = refunds.request(
        payment,
        amount_cents=sum(shares.values()),
        reason=Refund.Reason.RAN_OUT,
        key=f"ran-out-{costly[0].bar.pk}",
        shares=shares,
        words=_("%(codes)s: the customer allowed it")
        % {"codes": ", ".join(outcome.bar.job.code for outcome in costly[:CODES_NAMED])},
        at=at,
    )
    RunOutBar.objects.filter(pk__in=[outcome.bar.pk for outcome in costly]).update(refund=refund)
    return refund


def _shares(order: Order, costly: list[Outcome], payment: Payment) -> dict[str, Cents]:
    """By part of the order: the bars, and the way of a parcel in which nothing else is. Never more than is left."""
    wanted, paid = Counter[str](), parts.of(order)
    for outcome in costly:
        wanted[f"line-{outcome.bar.job.ordered_line.pk}"] += outcome.back_cents
    made = Job.objects.filter(order_line__order=order).exclude(job_state=JobState.SCRAPPED)
    for parcel in {outcome.bar.job.shipment for outcome in costly}:
        if not made.filter(shipment=parcel).exists():
            wanted[RefundLine.SHIPPING] += parcel.shipping_cents
    if not made.exists():
        wanted = Counter({part.key: part.left_cents for part in paid})
    left_cents, shares = refunds.left(payment), {}
    for part in paid:
        cents = min(wanted[part.key], part.left_cents, left_cents)
        left_cents -= cents
        if cents:
            shares[part.key] = cents
    return shares


def _ways_of(bar: RunOutBar, at: datetime) -> Iterator[Way]:
    """None for a bar that lacks something else too: swapped, it still could not be made."""
    line, gone = bar.job.order_line, bar.run_out.module
    if (_modules(line) - {gone}).isdisjoint(stock.overdrawn(at=at)):
        yield from consent.ways(line, gone)


def _modules(line: OrderLine) -> set[str]:
    return {portion["module"] for portion in line.recipe}


def _swapped_first(bar: RunOutBar, found: Iterable[Way], at: datetime) -> Outcome | None:
    """With the nearest of which there is enough; what it costs less goes back."""
    for way in found:
        try:
            with transaction.atomic():
                return _swapped(bar, way, at)
        except OutOfStock:
            continue
    return None


def _swapped(bar: RunOutBar, way: Way, at: datetime) -> Outcome:
    job = bar.job
    less_cents = _costs_less(job.order_line, way, at)
    line = stand_in(job.order_line, way.design, designs.save(way.design), less_cents=less_cents)
    made = steps.swap(job, line, at=at)
    ordered = job.ordered_line
    back_cents = less_cents * ordered.total_cents // ordered.list_cents if less_cents else 0
    _look_at_the_rest(made, at)
    return Outcome(bar, State.SWAPPED, way.module.name.to(job.order_line.order.locale), back_cents)


def _costs_less(line: OrderLine, way: Way, at: datetime) -> Cents:
    """By the prices of today, both of them; what costs more is given at the price that was paid."""
    prices, locale = prices_of_page(at), line.order.locale
    before = quote(line.design.value.under(way.family), way.family, locale, prices).total_cents
    return max(0, before - quote(way.design, way.family, locale, prices).total_cents)


def _send(refund: Refund | None, at: datetime) -> None:
    """After the books are written; what Stripe does not take now is tried again, as every refund."""
    if refund and refund.state == Refund.State.REQUESTED:
        refunds.sync(refund, at=at)


# ── What the customer is asked ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that could go in instead, and all that would be new about it."""

    key: str
    name: str
    less_cents: Cents
    contains: str
    may_contain: str
    diets: str

    @property
    def is_new(self) -> bool:
        return bool(self.contains or self.may_contain or self.diets)


@dataclass(frozen=True, slots=True)
class Question:
    """Bars of one line that lack the same ingredient."""

    key: str
    line: OrderLine
    gone: str
    bars: tuple[RunOutBar, ...]
    choices: tuple[Choice, ...]
    back_cents: Cents
    """For all of them."""
    is_asked: bool
    """We may not go on without an answer; else it waits, as was allowed."""


def questions_of(order: Order) -> str:
    """ "asked" when we may not go on without an answer, "waits" when the customer may choose otherwise, else ""."""
    states = set(_asked(order).values_list("state", flat=True))
    return next((str(state) for state in (State.ASKED, State.WAITS) if state in states), "")


def questions(order: Order, *, at: datetime) -> list[Question]:
    """Of a paid order, in the reader's language."""
    asked = _asked(order).select_related("run_out", *_OF_A_BAR).order_by("job__order_line", "run_out", "pk")
    together = groupby(asked, key=lambda bar: f"{bar.job.order_line_id}-{bar.run_out_id}")
    return [_question(key, tuple(bars), at) for key, bars in together]


def answer(order: Order, key: str, chosen: str, *, at: datetime) -> list[Outcome]:
    """ "wait", "refund", or the key of a module. Raises ChangedMeanwhile; a second press finds nothing to change."""
    sold_out.forget()
    with transaction.atomic(), _in_words_of(order):
        locked = _locked(order)
        question = next((each for each in questions(locked, at=at) if each.key == key), None)
        if question is None or not all(_can_be_changed(bar) for bar in question.bars):
            raise ChangedMeanwhile(key)
        done = [_answered(bar, chosen, at) for bar in question.bars]
        refund = _give_back(done, at)
        words = _words(question.bars[0].run_out, done, _("as you chose"), refund)
        conversation.say(locked, words, by=None, at=at)
    _send(refund, at)
    return done


def _answered(bar: RunOutBar, chosen: str, at: datetime) -> Outcome:
    match chosen:
        case "wait":
            return _kept(Outcome(bar, State.WAITS), at, at)
        case "refund":
            return _kept(_left_out(bar, at), at, at)
        case _:
            found = _swapped_first(bar, (way for way in _offered(bar, at) if way.module.key == chosen), at)
            if found is None:
                raise ChangedMeanwhile(chosen)
            return _kept(found, at, at)


def _asked(order: Order) -> QuerySet[RunOutBar]:
    bars = RunOutBar.objects.filter(run_out__order=order, state__in=(State.WAITS, State.ASKED))
    return bars.filter(job__job_state=JobState.QUEUED)


def _question(key: str, bars: tuple[RunOutBar, ...], at: datetime) -> Question:
    first = bars[0]
    line, language = first.job.order_line, translation.get_language() or "en"
    ordered = first.job.ordered_line
    return Question(
        key=key,
        line=line,
        gone=_name(line, first.run_out.module, language),
        bars=bars,
        choices=tuple(_choice(line, way, language, at) for way in _offered(first, at)),
        back_cents=ordered.total_cents // ordered.quantity * len(bars),
        is_asked=any(bar.state == State.ASKED for bar in bars),
    )


def _offered(bar: RunOutBar, at: datetime) -> list[Way]:
    """What asks least comes first; of it there is enough for this bar."""
    enough = (way for way in _ways_of(bar, at) if not way.other_zone)
    return sorted(enough, key=lambda way: not way.asks_nothing)[:WAYS_SHOWN]


def _choice(line: OrderLine, way: Way, language: str, at: datetime) -> Choice:
    return Choice(
        key=way.module.key,
        name=way.module.name.to(language),
        less_cents=_costs_less(line, way, at),
        contains=_named(way.contains),
        may_contain=_named(way.may_contain),
        diets=", ".join(str(consent.DIETS[diet]) for diet in way.diets),
    )


def _named(codes: Iterable[str]) -> str:
    """Pine nuts are an allergen for the law of the United States alone."""
    codes = set(codes)
    of_annex = allergens.named(codes - {PINE_NUT})
    return ", ".join(filter(None, (of_annex, _("pine nuts") if PINE_NUT in codes else "")))


# ── Words ────────────────────────────────────────────────────────────────────────────────────────


def _words(run_out: RunOut, done: list[Outcome], by_whom: str, refund: Refund | None) -> str:
    """One paragraph for each kind of outcome; in the customer's language."""
    line = done[0].bar.job.order_line
    paragraphs = [
        _("An ingredient of your order has run out: %(gone)s.")
        % {"gone": _name(line, run_out.module, run_out.order.locale)}
    ]
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


def _name(line: OrderLine, module: str, language: str) -> str:
    return family_under(line.family_version).modules[module].name.to(language)


@contextmanager
def _in_words_of(order: Order) -> Iterator[None]:
    """The customer's language, and the money of the order."""
    with translation.override(order.locale), currency.override(order.currency):
        yield


def _locked(order: Order) -> Order:
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order.pk)


# ── The worker's doors ───────────────────────────────────────────────────────────────────────────


def work_shortage(work: PendingWork) -> None:
    assert work.stock_id is not None
    look_after(work.stock_id, at=timezone.now())


def work_consent(work: PendingWork) -> None:
    assert work.run_out is not None
    carry_out(work.run_out, at=timezone.now())
