"""Orders as the shop itself makes them: designed, put into a cart, placed, paid and released."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from configurator.catalogue.families import current_family
from configurator.designs import save
from configurator.domain.design import Design, Inscription, Photo
from configurator.models import Photo as PhotoRow
from configurator.pictures.photos import name_of
from orders.buying import cart, checkout
from orders.buying.due import bill
from orders.buying.parcels import Recipient, units
from orders.buying.wishes import Agreement, Wishes
from orders.models import Equipment, Job, JobState, Order, Run, RunState, Station
from orders.production import labels, runs, steps
from orders.production.allergens import label_of
from orders.production.gates import Told
from orders.production.release import release

MONDAY_NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
ADA_AT_HOME = Recipient("Ada Lovelace", "Kirchgasse 7", "", "10115", "Berlin", "DE")
ADA = Wishes("ada@example.org", (ADA_AT_HOME,))


def design(name: str = "Ada", base: str = "dark_60", *toppings: str, family: str = "bar-100") -> Design:
    kept = current_family(family)
    made = Design(kept.key, kept.version, base, name=name)
    for topping in toppings or ("almond_whole", "raspberry_fd"):
        made = made.adding(topping, "toppings", kept.usual_dose(kept.modules[topping]))
    return made


def with_photo_print(bar: Design, size: tuple[int, int] = (1600, 800)) -> Design:
    """On it a photo that is light on its left and dark on its right."""
    file = BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (size[0] // 2, 0, *size))
    picture.save(file, "JPEG")
    digest = sha256(file.getvalue()).hexdigest()
    PhotoRow.objects.update_or_create(digest=digest, defaults={"width": size[0], "height": size[1]})
    if not default_storage.exists(name_of(digest)):
        default_storage.save(name_of(digest), ContentFile(file.getvalue()))
    kept = current_family(bar.family)
    dose = kept.usual_dose(kept.modules["transfer_print"])
    printed = bar.adding("transfer_print", "decorations", dose)
    return printed.inscribed(Inscription(photo=Photo(digest)))


def placed_order(
    *bars: tuple[Design, int], contact: Wishes = ADA, locale: str = "en", at: datetime = MONDAY_NOON
) -> Order:
    key = ""
    for made, quantity in bars:
        row = save(made)
        key = cart.add(key, digest=row.digest, quantity=quantity, locale=locale, at=at).key
    due = bill(cart.look(key, locale=locale, at=at), contact.recipients, at=at)
    return checkout.place(key, wishes=contact, agreement=Agreement(due.total_cents), locale=locale, at=at)


GRACE = replace(
    ADA_AT_HOME, name="Grace Hopper", street="Marktgasse 2", postcode="1010", city="Wien", country="AT"
)


def paid_for_two(*bars: tuple[Design, int, int], to: Recipient = GRACE, locale: str = "en") -> Order:
    """So many of each bar for Ada herself, and so many for somebody else."""
    key = ""
    for made, hers, others in bars:
        key = cart.add(
            key, digest=save(made).digest, quantity=hers + others, locale=locale, at=MONDAY_NOON
        ).key
    basket = cart.look(key, locale=locale, at=MONDAY_NOON)
    keys = [unit.key for unit in units(basket)]
    own = replace(ADA_AT_HOME, units={key: bar[1] for key, bar in zip(keys, bars, strict=True) if bar[1]})
    other = replace(to, units={key: bar[2] for key, bar in zip(keys, bars, strict=True) if bar[2]})
    wishes = replace(ADA, recipients=(own, other))
    total = bill(basket, wishes.recipients, at=MONDAY_NOON).total_cents
    order = checkout.place(key, wishes=wishes, agreement=Agreement(total), locale=locale, at=MONDAY_NOON)
    with transaction.atomic():
        order.mark_paid(MONDAY_NOON)
        release(order)
    return order


def as_a_gift(words: str) -> Wishes:
    """Ada's order with words on a card."""
    return replace(ADA, recipients=(replace(ADA_AT_HOME, gift_message=words),))


def paid_order(
    *bars: tuple[Design, int], contact: Wishes = ADA, locale: str = "en", at: datetime = MONDAY_NOON
) -> Order:
    """As settlement does it: marked and released in one transaction."""
    order = placed_order(*(bars or ((design(), 1),)), contact=contact, locale=locale, at=at)
    with transaction.atomic():
        order.mark_paid(at)
        release(order)
    return order


def jobs_of(order: Order) -> list[Job]:
    return list(Job.objects.filter(order_line__order=order).order_by("pk"))


def only_job(order: Order) -> Job:
    return Job.objects.get(order_line__order=order)


def operator(name: str = "bea", *permissions: str) -> User:
    """Somebody of the floor: sees jobs and moves them."""
    user = User.objects.create_user(name, password="a-password-of-the-floor", is_staff=True)
    for codename in permissions or ("view_job", "change_job"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return user


def running(job: Job, by: User, at: datetime = MONDAY_NOON) -> Run:
    """The chocolate of this bar on its temperer, its temper good."""
    zone = label_of(job).zone
    temperer = Equipment.objects.get(station=Station.MOULDING, zone=zone)
    there = Run.objects.filter(temperer=temperer, run_state=RunState.RUNNING).first()
    if there and there.base == job.base:
        return there
    if there:
        runs.close(there, by=by, at=at)
    run = runs.plan(temperer, job.base, day=at.date(), by=by, at=at)
    runs.melt(run, by=by, at=at)
    runs.take_strip(run, by=by, at=at)
    low, _high = runs.working_range(job.base)
    assert runs.judge(run, decidegrees=low, strip_set=True, by=by, at=at)
    return run


def bring_to(job: Job, state: str, by: User, at: datetime = MONDAY_NOON) -> None:
    """Every step up to this state, one after the other."""
    job.refresh_from_db()
    while job.job_state != state:
        to = str(steps.next_step(job))
        if to == JobState.MOULDED:
            running(job, by, at)
        weight_mg = job.order_line.net_mg if to == JobState.CHECKED else None
        label = labels.print_label(job, by=by, at=at).code if to == JobState.WRAPPED else ""
        steps.advance(job, to, by=by, at=at, told=Told(weight_mg=weight_mg, label=label))
        job.refresh_from_db()
