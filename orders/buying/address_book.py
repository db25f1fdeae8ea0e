"""The addresses of an account: kept, changed, put first, and filled into the checkout."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any, Final, Literal, TypeAlias

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from configurator.accounts import take_turns
from orders.buying.wishes import Address
from orders.models import KeptAddress

ADDRESSES_MAX: Final = 20
WORDS: Final = tuple(field.name for field in fields(Address))
Use: TypeAlias = Literal["for_parcels", "for_bills"]
"""What an address can be the first for."""


class BookFull(Exception):
    """The message tells the customer how many there can be, and what to do."""


class KeptAlready(Exception):
    """Another address of the account says the same."""


def addresses_of(user: User) -> QuerySet[KeptAddress]:
    """That of the parcels first."""
    return KeptAddress.objects.filter(account=user.pk)


def keep(user: User, address: Address) -> KeptAddress:
    """Once, however often it is asked; the first one is where parcels go. Raises BookFull."""
    with transaction.atomic():
        take_turns(user)
        own = addresses_of(user)
        if there := own.filter(**asdict(address)).first():
            return there
        count = own.count()
        if count >= ADDRESSES_MAX:
            raise BookFull(
                _(
                    "Your account keeps %(most)d addresses and has no room for one more. Remove one that you no longer need."
                )
                % {"most": ADDRESSES_MAX}
            )
        return own.create(account=user, for_parcels=not count, **asdict(address))


def change(kept: KeptAddress, address: Address) -> None:
    """Raises KeptAlready."""
    with transaction.atomic():
        take_turns(kept.account)
        others = addresses_of(kept.account).exclude(pk=kept.pk)
        if others.filter(**asdict(address)).exists():
            raise KeptAlready
        KeptAddress.objects.filter(pk=kept.pk).update(**asdict(address))


def remove(kept: KeptAddress) -> None:
    """Another one takes its place as that of the parcels."""
    with transaction.atomic():
        take_turns(kept.account)
        KeptAddress.objects.filter(pk=kept.pk).delete()
        left = addresses_of(kept.account)
        if not left.filter(for_parcels=True).exists() and (oldest := left.order_by("pk").first()):
            KeptAddress.objects.filter(pk=oldest.pk).update(for_parcels=True)


def prefer(kept: KeptAddress, use: Use) -> None:
    """From now on this one, and no other."""
    with transaction.atomic():
        take_turns(kept.account)
        no_longer(kept.account, use)
        KeptAddress.objects.filter(pk=kept.pk).update(**{use: True})


def no_longer(user: User, use: Use) -> None:
    addresses_of(user).filter(**{use: True}).update(**{use: False})


def words_of(kept: KeptAddress, prefix: str = "") -> dict[str, Any]:
    """As the fields of a form are called."""
    return {f"{prefix}{name}": getattr(kept, name) for name in WORDS}


def prefilled(addresses: list[KeptAddress]) -> dict[str, Any]:
    """Where parcels go, and bills if that is another one."""
    if not addresses:
        return {}
    first = addresses[0]
    filled = words_of(first)
    bills = next((kept for kept in addresses if kept.for_bills and kept != first), None)
    return filled | ({"bill_elsewhere": "on", **words_of(bills, "bill-")} if bills else {})
