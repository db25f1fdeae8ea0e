"""The outbox: what was written to customers, what failed and why, and sending one again."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, Final

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from orders import emails
from orders.models import Letter, PendingWork
from orders.office.look_only import LookOnly, order_link, reminder_link
from orders.production import outbox
from orders.tasks import ring

logger = logging.getLogger(__name__)

OWNERS: Final = (
    "order",
    "shipment__order",
    "payment__order",
    "refund__payment__order",
    "gift_card__order",
    "message__order",
)
REMINDERS: Final = ("reminder", "reminder_day__reminder")


class Sent(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [("failing", _("failing or given up")), ("open", _("to be sent")), ("sent", _("sent"))]

    def queryset(self, request: HttpRequest, found: QuerySet[Letter]) -> QuerySet[Letter]:
        match self.value():
            case "failing":
                return found.filter(pk__in=outbox.failing())
            case "open":
                return found.filter(done_at=None)
            case "sent":
                return found.exclude(done_at=None)
            case _:
                return found


class OfKind(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [(kind.value, kind.label) for kind in PendingWork.LETTERS]

    def queryset(self, request: HttpRequest, found: QuerySet[Letter]) -> QuerySet[Letter]:
        return found.filter(kind=self.value()) if self.value() else found


AS_A_MAIL: Final = {
    "default-src": [NONE],
    "script-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, settings.SHOP_URL],
    "frame-ancestors": [SELF],
    "sandbox": [""],
}
"""A mail carries its styles in itself. Nothing in it runs, is sent or leads anywhere."""


@method_decorator(csp_update({"frame-src": [SELF]}), name="change_view")
@admin.register(Letter)
class LetterAdmin(LookOnly):
    actions = ("send_failed_again",)
    list_display = ["kind", "about", "recipient", "fate", "error"]
    list_filter = [Sent, OfKind]
    search_fields = [
        *(f"{to_order}__{field}" for to_order in OWNERS for field in ("number", "email")),
        *(f"{reminder}__email" for reminder in REMINDERS),
    ]
    date_hierarchy = "created_at"
    fields = [
        *("kind", "about", "recipient", "fate", "again", "created_at"),
        *("attempts", "last_error", "subject", "as_a_mail", "words"),
    ]
    readonly_fields = ["about", "recipient", "fate", "again", "subject", "as_a_mail", "words"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        found: QuerySet[Letter] = (
            super()
            .get_queryset(request)
            .select_related(*OWNERS, *(f"{reminder}__design" for reminder in REMINDERS))
        )
        return found

    def get_urls(self) -> list[URLPattern]:
        again = path(
            "<int:letter_id>/sending/",
            self.admin_site.admin_view(self.send_again),
            name="orders_letter_sending",
        )
        seen = path(
            "<int:letter_id>/preview/",
            self.admin_site.admin_view(self.preview),
            name="orders_letter_preview",
        )
        return [again, seen, *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may change mails may have one sent again; the rows themselves are read only."""
        return obj is None and request.user.has_perm("orders.change_letter")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        may_send = request.user.has_perm("orders.change_letter")
        return [field for field in self.fields if field != "again" or may_send]

    @admin.display(description=_("about"))
    def about(self, letter: Letter) -> SafeString:
        reminder = letter.to_reminder
        return reminder_link(reminder) if reminder else order_link(letter.to_order)

    @admin.display(description=_("recipient"))
    def recipient(self, letter: Letter) -> str:
        return letter.to_email

    @admin.display(description=_("state"))
    def fate(self, letter: Letter) -> str:
        return fate(letter)

    @admin.display(description=_("last error"))
    def error(self, letter: Letter) -> str:
        return letter.last_error[:200]

    @admin.display(description=_("send it again"))
    def again(self, letter: Letter) -> SafeString:
        address = reverse("admin:orders_letter_sending", args=[letter.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Send again"))

    @admin.display(description=_("subject"))
    def subject(self, letter: Letter) -> str:
        return str(_written(letter).subject)

    @admin.display(description=_("as it would be sent now"))
    def as_a_mail(self, letter: Letter) -> SafeString:
        address = reverse("admin:orders_letter_preview", args=[letter.pk])
        return format_html(
            '<iframe class="letter" src="{}" sandbox loading="lazy" title="{}"></iframe>',
            address,
            _("The mail"),
        )

    @admin.display(description=_("as plain text"))
    def words(self, letter: Letter) -> SafeString:
        return format_html('<pre class="letter">{}</pre>', _written(letter).body)

    @method_decorator(require_safe)
    @method_decorator(csp_replace(AS_A_MAIL))
    @method_decorator(xframe_options_sameorigin)
    def preview(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """The mail alone, for the frame on its page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = _written(get_object_or_404(self.get_queryset(request), pk=letter_id))
        shown = mail.alternatives[0][0] if mail.alternatives else format_html("<p>{}</p>", mail.body)
        return HttpResponse(str(shown))

    @admin.action(description=_("Send again what has failed"), permissions=["change"])
    def send_failed_again(self, request: HttpRequest, chosen: QuerySet[Letter]) -> None:
        """After an evening without a mail server. What was sent goes again from its own page alone."""
        asked, failed = chosen.count(), list(chosen.filter(pk__in=outbox.failing().values("pk")))
        going = [letter for letter in failed if outbox.send_again(letter, now=timezone.now())]
        for letter in going:
            self.log_change(request, letter, str(_("Sent again to %s.") % letter.to_email))
        ring(going)
        count = len(going)
        messages.success(
            request,
            ngettext("%(count)d mail goes within a minute.", "%(count)d mails go within a minute.", count)
            % {"count": count},
        )
        if count < asked:
            messages.info(
                request, _("The others have not failed. What was sent is sent again from its own page.")
            )

    def send_again(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """Asks first, and sends only what still is as it was when it asked."""
        if not request.user.has_perm("orders.change_letter"):
            raise PermissionDenied
        letter = get_object_or_404(self.get_queryset(request), pk=letter_id)
        if request.method == "POST":
            self._send_again(request, letter)
            return HttpResponseRedirect(reverse("admin:orders_letter_change", args=[letter.pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Send this mail again?"),
            "opts": self.opts,
            "letter": letter,
            "fate": fate(letter),
            "mail": _written(letter),
        }
        return TemplateResponse(request, "admin/orders/letter/sending.html", context)

    def _send_again(self, request: HttpRequest, letter: Letter) -> None:
        seen = request.POST.get("sendings", "")
        if seen == str(letter.sendings) and outbox.send_again(letter, now=timezone.now()):
            self.log_change(request, letter, str(_("Sent again to %s.") % letter.to_email))
            ring([letter])
            messages.success(request, _("It goes to %s within a minute.") % letter.to_email)
        else:
            messages.warning(
                request, _("It is being sent just now, or somebody else was quicker. Look once more.")
            )


def _written(letter: Letter) -> EmailMultiAlternatives:
    """Also of a mail that cannot be written: its page has to say why."""
    try:
        return emails.as_staff_see_it(letter)
    except Exception as broken:
        logger.exception("Mail %s cannot be written", letter.pk)
        return EmailMultiAlternatives("-", f"{type(broken).__name__}: {broken}")


def fate(letter: PendingWork) -> str:
    """What has become of it, in words."""
    if letter.done_at:
        return str(_("sent %s")) % _moment(letter.done_at)
    if letter.stuck_at:
        return str(_("given up %s")) % _moment(letter.stuck_at)
    if letter.last_error:
        return str(_("failed, the next try is %s")) % _moment(letter.try_at)
    return str(_("waits until %s")) % _moment(letter.try_at)


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
