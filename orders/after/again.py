"""The same bar again, by the code on its pack: just as it was, or with all that has changed since in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from configurator import currency, designs
from configurator.catalogue import sold_out
from configurator.catalogue.families import family_under
from configurator.catalogue.price_lists import priced
from configurator.domain.design import Design
from configurator.domain.family import Cents, Family
from configurator.domain.label import Label, label
from configurator.domain.pricing import Quote
from configurator.domain.recipe import recipe
from configurator.models import Design as DesignRow
from configurator.studio.comparing import allergen_names
from configurator.wording import money
from orders import stock
from orders.buying import for_sale
from orders.buying.for_sale import Way
from orders.models import OrderLine, PaymentState

WithoutStrange = Callable[[Design], Design]
"""Without the photos that this visitor may not use."""


@dataclass(frozen=True, slots=True)
class Again:
    """A bar that was made before, as it can be had today."""

    code: str
    first: str
    """Digest of the bar whose pack has the code."""
    design: Design
    family: Family
    quote: Quote
    label: Label
    changes: tuple[str, ...]
    """What is not as it was, in words."""
    problems: tuple[str, ...]
    """Why it cannot be had today."""
    ways: tuple[Way, ...]
    """What could be taken instead."""

    @property
    def orderable(self) -> bool:
        return not self.problems

    @property
    def digest(self) -> str:
        """Of what would be put into the cart."""
        return self.design.digest


class NoLongerSo(ValueError):
    """Something has changed since the page was shown; look at it once more."""


def look(row: DesignRow, *, own: WithoutStrange, locale: str, at: datetime) -> Again:
    """Of a kept design that is read with its current catalogue version (`cart.find`)."""
    then = family_under(row.family_version_id)
    against = for_sale.reasons_against(row, locale, at)
    ways = for_sale.ways_out(row, locale) if against else ()
    is_made_anew = any(not way.edits for way in ways)
    made = for_sale.taking(row, "") if is_made_anew else row.value
    problems = () if is_made_anew else against
    design, family = own(made), family_under(made.version)
    if not problems:
        problems, ways = _sold_out(row, design, family, locale, at)
    today = label(design, family, locale)
    return Again(
        code=row.code,
        first=row.digest,
        design=design,
        family=family,
        quote=priced(design, family, locale),
        label=today,
        changes=tuple(_changes(row, then, design, family, today, locale)),
        problems=problems,
        ways=ways,
    )


def chosen(
    row: DesignRow, *, own: WithoutStrange, edits: str, seen: str, locale: str, at: datetime
) -> Design:
    """What goes into the cart, kept. Raises NoLongerSo, or for_sale.NoWay."""
    if edits:
        made = own(for_sale.taking(row, edits))
    else:
        now = look(row, own=own, locale=locale, at=at)
        if now.digest != seen:
            raise NoLongerSo
        made = now.design
    designs.save(made)
    return made


def _sold_out(
    row: DesignRow, design: Design, family: Family, locale: str, at: datetime
) -> tuple[tuple[str, ...], tuple[Way, ...]]:
    short = {gone.module for gone in stock.shortages(stock.needs([(recipe(design, family), 1)]), at=at)}
    if not short:
        return (), ()
    offered = sold_out.as_offered(family)
    words = (
        sold_out.words(key, offered, locale)
        or _("There is not enough left for so many bars just now: %(modules)s.")
        % {"modules": family.modules[key].name.to(locale)}
        for key in dict.fromkeys(design.modules)
        if key in short
    )
    return tuple(words), for_sale.ways_out(row, locale, sold_out=sorted(short))


# ── What has changed ─────────────────────────────────────────────────────────────────────────────


def _changes(
    row: DesignRow, then: Family, design: Design, family: Family, today: Label, locale: str
) -> Iterator[str]:
    yield from _of_price(row, priced(design, family, locale).total_cents)
    if row.family_version_id != family.version:
        yield from _of_label(label(row.value, then, locale), today, locale)
    if row.value.photos != design.photos:
        yield _(
            "The photo: it is printed for whoever brought it. Is it yours? Open the page of your order in this "
            "browser first, then it is there again."
        )


def _of_price(row: DesignRow, cents: Cents) -> Iterator[str]:
    before = _last_paid(row)
    if before is not None and before != cents:
        yield _("The price: one bar costs %(now)s now; it was %(was)s.") % {
            "now": money(cents),
            "was": money(before),
        }


def _last_paid(row: DesignRow) -> Cents | None:
    """For one bar, before reductions, in the currency of the page."""
    lines = OrderLine.objects.filter(design=row, order__currency=currency.active())
    paid = lines.filter(order__payment_state__in=(PaymentState.PAID, PaymentState.REFUNDED))
    return paid.order_by("-order__placed_at").values_list("unit_cents", flat=True).first()


def _of_label(was: Label, now: Label, locale: str) -> Iterator[str]:
    yield from _of_allergens(was, now, locale)
    if now.name != was.name:
        yield _("The legal name: %(now)s; it was %(was)s.") % {"now": now.name, "was": was.name}
    if now.ingredients != was.ingredients:
        yield _("The list of ingredients reads: %(now)s") % {"now": _plain(now.ingredients)}
    if now.nutrition != was.nutrition:
        yield _("The nutrition facts: 100 g have %(now)s now; they had %(was)s.") % {
            "now": now.nutrition.energy,
            "was": was.nutrition.energy,
        }
    if now.statements != was.statements or now.accompanying != was.accompanying:
        said = " ".join((*now.accompanying, *now.statements)) or _("nothing more")
        yield _("Other words that must stand on the label: %(now)s.") % {"now": said.rstrip(".")}
    if now.net_quantity != was.net_quantity:
        yield _("The weight: %(now)s; it was %(was)s.") % {"now": now.net_quantity, "was": was.net_quantity}
    if (now.storage, now.keeps_months) != (was.storage, was.keeps_months):
        yield _("How it is stored, or how long it keeps. See its label.")
    for before, after in zip(was.bags, now.bags, strict=False):
        yield from (f"{after.name}: {words}" for words in _of_label(before, after, locale))


def _of_allergens(was: Label, now: Label, locale: str) -> Iterator[str]:
    def names(codes: Iterable[str]) -> dict[str, str]:
        return {"allergens": ", ".join(allergen_names(codes, locale))}

    if new := [code for code in now.allergens if code not in was.allergens]:
        yield _("It contains now, and did not before: %(allergens)s.") % names(new)
    if gone := [code for code in was.allergens if code not in now.allergens]:
        yield _("It does not contain any more: %(allergens)s.") % names(gone)
    before = {*was.allergens, *was.may_contain}
    if new := [code for code in now.may_contain if code not in before]:
        yield _("It may contain traces now that it could not before: %(allergens)s.") % names(new)


def _plain(ingredients: str) -> str:
    return ingredients.replace("**", "")
