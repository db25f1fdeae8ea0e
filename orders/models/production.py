"""Records of the floor: jobs, and what happened to them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from configurator.domain import codes
from orders.models.append_only import History
from orders.models.equipment import Equipment
from orders.models.runs import Run

if TYPE_CHECKING:
    from orders.models.order import OrderLine

CODE_SIGNS = 8
STATE_SIGNS = 9


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    KITTED = "kitted", _("Kitted")
    MOULDED = "moulded", _("Moulded")
    TOPPED = "topped", _("Topped")
    COOLING = "cooling", _("Cooling")
    DEMOULDED = "demoulded", _("Demoulded")
    CHECKED = "checked", _("Checked")
    WRAPPED = "wrapped", _("Wrapped")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("Shipped")
    SCRAPPED = "scrapped", _("Scrapped")


class ScrapReason(models.TextChoices):
    """What usually goes wrong. The key is kept, so that everybody reads it in their own language."""

    BROKEN = "broken", _("Broken")
    BLOOM = "bloom", _("Bloom or dull")
    WRONG_TOPPING = "wrong topping", _("Wrong topping")
    UNDERWEIGHT = "underweight", _("Too light")
    DROPPED = "dropped", _("Dropped or dirty")
    OTHER = "other", _("Something else")
    LEFT_OUT = "left out", _("Left out, its money goes back")
    """Not a failure: nobody makes it again."""
    CANCELLED = "cancelled", _("Cancelled by the customer, its money goes back")
    """Nor is this."""
    SWAPPED = "swapped", _("Made with something else, for an ingredient ran out")
    """Nor this: its remake is the bar that stands in for it."""


NEVER_MADE = (ScrapReason.LEFT_OUT, ScrapReason.CANCELLED)


def scrap_words(reason: str) -> str:
    """A kept reason as a person reads it: "broken: corner off" → "Zerbrochen: corner off"."""
    key, colon, note = reason.partition(":")
    return f"{ScrapReason(key).label}{colon}{note}" if key in ScrapReason.values else reason


def new_job_code() -> str:
    return _grouped(codes.checked("".join(secrets.choice(codes.ALPHABET) for _sign in range(CODE_SIGNS))))


def read_job_code(typed: str) -> str:
    """What a person typed → the code of a job, as ``XXXX-XXXXC``. Raises CodeMistyped."""
    return _grouped(codes.read(typed, CODE_SIGNS))


def _grouped(signs: str) -> str:
    return f"{signs[:4]}-{signs[4:]}"


class Job(models.Model):
    """Make this one bar."""

    code = models.CharField(_("code"), max_length=CODE_SIGNS + 2, unique=True, default=new_job_code)
    order_line = models.ForeignKey(
        "orders.OrderLine", models.PROTECT, related_name="jobs", verbose_name=_("order line")
    )
    shipment = models.ForeignKey(
        "orders.Shipment", models.PROTECT, related_name="jobs", verbose_name=_("parcel")
    )
    index = models.PositiveIntegerField(_("bar of the line"))
    place = models.PositiveIntegerField(_("bar of the parcel"))
    """Counted through all lines; ``of`` is how many bars travel in the parcel."""
    of = models.PositiveIntegerField(_("bars of the parcel"))
    remake_of = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="remake", verbose_name=_("remake of")
    )
    job_state = models.CharField(
        _("state"), max_length=STATE_SIGNS, choices=JobState.choices, default=JobState.QUEUED
    )
    base = models.CharField(_("base"), max_length=40)
    """Key of the module, so that bars of one chocolate can be made together."""
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, blank=True, related_name="jobs", verbose_name=_("run")
    )
    """That it is planned for, and from its moulding on the one it came from. A planned run may go again."""
    due_on = models.DateField(_("due"))
    is_owed = models.BooleanField(_("owed"), default=True, editable=False)
    """Until its order is paid back as a whole. Stands here too, for the floor's lists ask it of every bar that waits."""
    scrap_reason = models.CharField(_("why it was scrapped"), max_length=200, blank=True)
    scrap_station = models.CharField(
        _("where it was scrapped"), max_length=STATE_SIGNS, choices=JobState.choices, blank=True
    )
    on_hold_since = models.DateTimeField(_("on hold since"), null=True, blank=True)
    hold_reason = models.CharField(_("why it waits"), max_length=200, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put on hold by"),
    )
    """Nobody, when the books said that there is not enough, or a specification more than its label."""
    ticket = models.FileField(_("ticket"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("released"))

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["due_on", "pk"]
        permissions = [("hold_job", "Can put a job on hold and let it go on")]
        indexes = [
            models.Index(fields=["job_state", "due_on", "is_owed"], name="job_queue"),
            models.Index(fields=["due_on", "id"], name="job_by_day"),
            models.Index(fields=["due_on"], condition=Q(on_hold_since__isnull=False), name="job_on_hold"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "index"],
                condition=Q(remake_of=None),
                name="job_is_released_once_per_bar",
            ),
            models.UniqueConstraint(
                fields=["order_line", "index"],
                condition=~Q(job_state__in=[JobState.SCRAPPED, JobState.SHIPPED]),
                name="job_has_one_bar_in_the_making",
            ),
            models.CheckConstraint(condition=Q(index__gte=1), name="job_counts_bars_from_one"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=models.F("of")), name="job_place_is_in_the_order"
            ),
            models.CheckConstraint(condition=Q(job_state__in=JobState.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=(
                    Q(job_state=JobState.SCRAPPED) & ~Q(scrap_reason="") & ~Q(scrap_station="")
                    | ~Q(job_state=JobState.SCRAPPED) & Q(scrap_reason="", scrap_station="")
                ),
                name="job_scrapped_says_why_and_where",
            ),
            models.CheckConstraint(
                condition=Q(remake_of=None) | ~Q(remake_of=models.F("pk")),
                name="job_remakes_another",
            ),
            models.CheckConstraint(
                condition=Q(on_hold_since=None, hold_reason="", held_by=None)
                | Q(on_hold_since__isnull=False) & ~Q(hold_reason=""),
                name="job_on_hold_says_since_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_left_out(self) -> bool:
        """Not made, and not made again."""
        return self.job_state == JobState.SCRAPPED and self.scrap_reason in NEVER_MADE

    @property
    def is_cancelled(self) -> bool:
        return self.job_state == JobState.SCRAPPED and self.scrap_reason == ScrapReason.CANCELLED

    @property
    def is_swapped(self) -> bool:
        return self.job_state == JobState.SCRAPPED and self.scrap_reason == ScrapReason.SWAPPED

    @property
    def ordered_line(self) -> OrderLine:
        """What was paid for it; what it is made of stands in `order_line`."""
        return self.order_line.instead_of or self.order_line

    @property
    def missing(self) -> str:
        """The key of the module that it waits for, or was left out for; a hold's note follows it."""
        return self.hold_reason.partition(":")[0]

    @property
    def scrap_words(self) -> str:
        return scrap_words(self.scrap_reason)


class JobEvent(History):
    """A job entered a state: from where, by whom, when and at which piece of equipment. Append-only."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="events", verbose_name=_("job"))
    from_state = models.CharField(_("from"), max_length=STATE_SIGNS, choices=JobState.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=STATE_SIGNS, choices=JobState.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    equipment = models.ForeignKey(
        Equipment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("piece of equipment"),
    )
    weight_mg = models.PositiveIntegerField(_("weight"), null=True, blank=True)
    """Of the bar, where it is weighed."""
    key = models.UUIDField(_("key"), null=True, blank=True, unique=True)
    """Chosen by the station that sent it, so that what is sent twice happens once."""
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("takes back")
    )

    class Meta:
        verbose_name = _("job event")
        verbose_name_plural = _("job events")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["to_state", "at"], name="job_entered")]
        constraints = [
            models.CheckConstraint(condition=~Q(from_state=models.F("to_state")), name="job_event_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_state_display() or '–'} → {self.get_to_state_display()}"

    @property
    def note_words(self) -> str:
        return scrap_words(self.note) if self.to_state == JobState.SCRAPPED else self.note
