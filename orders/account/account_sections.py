"""What else there is in an account, besides the orders: a line for each page, in the order of the overview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    name: Promise
    page: str
    """The name of its address."""
    about: Promise


SECTIONS: Final = (
    Section(_("My bars"), "configurator:mine", _("All that you have designed, and who may see it.")),
    Section(_("What I like"), "orders:taste", _("Your favourites, with which a new bar begins.")),
    Section(_("Reminders"), "orders:account-reminders", _("Days before which we write to you.")),
    Section(_("Addresses"), "orders:addresses", _("Where your parcels and bills go.")),
    Section(_("E-mail address"), "account_email", _("You sign in with it, and mails go there.")),
    Section(_("Password"), "account_change_password", _("Choose a new one.")),
    Section(_("Signing in safely"), "mfa_index", _("Passkeys, and codes from an app.")),
    Section(_("My data"), "orders:my-data-account", _("See it, take a copy, or let us forget you.")),
)
