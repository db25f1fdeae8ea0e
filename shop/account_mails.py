"""What mails about accounts say, in the language of the page that asked for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shop.models import AccountLetter
from shop.proven_addresses import key_of


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    said: tuple[str, ...]
    link: str = ""
    button: str = ""
    after: str = ""


def mail(letter: AccountLetter) -> EmailMultiAlternatives | None:
    """None for what is of no use any more: an address confirmed since, an account that is gone."""
    with translation.override(letter.locale):
        words = WORDS[letter.kind](letter)
        return _letter(letter, words) if words else None


def subject(letter: AccountLetter) -> str:
    """For staff, who read no links."""
    with translation.override(letter.locale):
        words = WORDS[letter.kind](letter)
        return words.subject if words else ""


def _letter(letter: AccountLetter, words: Words) -> EmailMultiAlternatives:
    page = {
        "words": words,
        "shop": {"name": settings.SHOP_NAME, "email": settings.SHOP_EMAIL, "address": settings.SHOP_ADDRESS},
    }
    domain = urlsplit(settings.SHOP_URL).hostname or "localhost"
    written = EmailMultiAlternatives(
        subject=" ".join(words.subject.split()),
        body=render_to_string("account/email/letter.txt", page),
        to=[letter.email],
        reply_to=[settings.SHOP_EMAIL],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<account-{letter.pk}@{domain}>"},
    )
    written.attach_alternative(render_to_string("account/email/letter.html", page), "text/html")
    return written


def _address(name: str, **parts: str) -> str:
    return settings.SHOP_URL + reverse(name, kwargs=parts)


def _named(text: str) -> str:
    return text % {"shop": settings.SHOP_NAME}


def _confirm(letter: AccountLetter) -> Words | None:
    waiting = EmailAddress.objects.filter(user=letter.user, email__iexact=letter.email, verified=False)
    address = waiting.first() if letter.user else None
    if address is None:
        return None
    return Words(
        _named(_("Is this your address? Your account at %(shop)s")),
        (
            _named(
                _("Somebody has given this address for an account at %(shop)s. If it was you, please say so.")
            ),
        ),
        _address("account_confirm_email", key=EmailConfirmationHMAC(address).key),
        _("Yes, this is my address"),
        _(
            "The link is good for three days. If it was not you, do nothing: without it the account stays shut."
        ),
    )


def _known_already(letter: AccountLetter) -> Words:
    return Words(
        _named(_("You have an account at %(shop)s already")),
        (
            _named(
                _(
                    "Somebody wanted to open an account at %(shop)s with this address, and there is one already. "
                    "Sign in with your password; if you have forgotten it, have a new one made."
                )
            ),
        ),
        _address("account_reset_password"),
        _("I have forgotten my password"),
        _("If it was not you, do nothing: nothing has changed."),
    )


def _unknown(letter: AccountLetter) -> Words:
    return Words(
        _named(_("There is no account with this address at %(shop)s")),
        (
            _named(
                _(
                    "Somebody asked for a new password at %(shop)s with this address, and there is no account "
                    "with it. Perhaps you ordered without one, or with another address."
                )
            ),
        ),
        _address("account_signup"),
        _("Open an account"),
        _("If it was not you, do nothing."),
    )


def _new_password(letter: AccountLetter) -> Words | None:
    if letter.user is None or not letter.user.is_active:
        return None
    key = {
        "uidb36": user_pk_to_url_str(letter.user),
        "key": default_token_generator.make_token(letter.user),
    }
    return Words(
        _named(_("A new password for your account at %(shop)s")),
        (_("Somebody asked for a new password for your account. If it was you, choose one here."),),
        _address("account_reset_password_from_key", **key),
        _("Choose a new password"),
        _(
            "The link is good once, and for three days. If it was not you, do nothing: your password stays as it is."
        ),
    )


def _told(subject: Callable[[], str], said: Callable[[], str]) -> Callable[[AccountLetter], Words | None]:
    """Something about the account has changed; whoever did not do it should know."""

    def words(letter: AccountLetter) -> Words | None:
        return Words(
            _named(subject()),
            (said(),),
            _address("account_reset_password"),
            _("It was not me: choose a new password"),
            _("If it was you, there is nothing to do."),
        )

    return words


def _password_changed() -> str:
    return _("Your password at %(shop)s was changed")


def _second_factor() -> str:
    return _("How you sign in at %(shop)s was changed")


def _my_data(letter: AccountLetter) -> Words:
    return Words(
        _named(_("What %(shop)s holds of you")),
        (
            _named(
                _(
                    "Somebody asked what %(shop)s holds of whoever reads the mails of this address. Here you see "
                    "it, have a copy made, or let us forget you."
                )
            ),
        ),
        _address("orders:my-data-proven", key=key_of(letter.email)),
        _("See what you hold of me"),
        _("The link is good for a day. If it was not you, do nothing: nobody else can open it."),
    )


def _my_data_unknown(letter: AccountLetter) -> Words:
    return Words(
        _named(_("%(shop)s holds nothing of you")),
        (
            _named(
                _(
                    "Somebody asked what %(shop)s holds of whoever reads the mails of this address: there is no "
                    "order and no gift card with it. Perhaps you ordered with another address."
                )
            ),
        ),
        _address("orders:my-data"),
        _("Ask with another address"),
        _("If it was not you, do nothing."),
    )


WORDS: Final[dict[str, Callable[[AccountLetter], Words | None]]] = {
    "email_confirmation": _confirm,
    "email_confirmation_signup": _confirm,
    "account_already_exists": _known_already,
    "unknown_account": _unknown,
    "password_reset_key": _new_password,
    "password_reset": _told(
        _password_changed, lambda: _("The password of your account was changed just now.")
    ),
    "password_changed": _told(
        _password_changed, lambda: _("The password of your account was changed just now.")
    ),
    "password_set": _told(_password_changed, lambda: _("Your account has a password now.")),
    "email_changed": _told(
        lambda: _("The address of your account at %(shop)s was changed"),
        lambda: _(
            "Your account is reached by another e-mail address from now on, and no longer by this one."
        ),
    ),
    "email_confirm": _told(
        lambda: _("The address of your account at %(shop)s was confirmed"),
        lambda: _("This address was confirmed as the one of your account."),
    ),
    "email_deleted": _told(
        lambda: _("An address was taken from your account at %(shop)s"),
        lambda: _("This address no longer belongs to your account."),
    ),
    "totp_activated": _told(
        _second_factor, lambda: _("Besides the password, your account asks for a code from an app now.")
    ),
    "totp_deactivated": _told(
        _second_factor, lambda: _("Your account no longer asks for a code from an app.")
    ),
    "recovery_codes_generated": _told(
        _second_factor, lambda: _("New recovery codes were made for your account; the old ones are void.")
    ),
    "second_factor_reset": _told(
        _second_factor,
        lambda: _(
            "We have taken the second step off your account, as you asked. Your password alone opens it now; set "
            "up a new second step soon."
        ),
    ),
    "webauthn_added": _told(_second_factor, lambda: _("A passkey was added to your account.")),
    "webauthn_removed": _told(_second_factor, lambda: _("A passkey was taken from your account.")),
    "my_data": _my_data,
    "my_data_unknown": _my_data_unknown,
}
