"""What the office changes is written down: who, when, and every field before and after.

Inside a page of the office (`watched`) each row that is saved or deleted leaves an OfficeChange. Nothing is
watched elsewhere: customers and the shop's own work keep their own records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.utils import timezone
from django.utils.encoding import force_str

from orders.models.office import OfficeChange

OUR_APPS: Final = frozenset({"auth", "configurator", "orders", "shop"})
OWN_HISTORY: Final = frozenset(
    {
        "orders.officechange",
        "orders.ordernote",
        "orders.savedfilter",
        "orders.jobevent",
        "orders.ledgerentry",
        "orders.pendingwork",
        "orders.letter",
    }
)
"""What is a record itself, or the shop's own book-keeping."""
SECRET: Final = frozenset({"password", "digest", "token", "secret"})
PERSONAL: Final = frozenset(
    {"email", "street", "extra", "postcode", "city", "first_name", "last_name", "gift_message"}
)
PERSONAL_OF: Final = {"configurator.opinion": frozenset({"name", "words"})}
"""A friend's words, which staff delete so that they are gone."""
HIDDEN: Final = "•••"
"""That it was changed is kept, not what it says: an address is erased in one place, and so for good."""
SIGNS_MAX: Final = 200

_by: Final[ContextVar[User | None]] = ContextVar("who changes something in the office", default=None)


@contextmanager
def watched(by: User) -> Iterator[None]:
    token = _by.set(by)
    try:
        yield
    finally:
        _by.reset(token)


def note(
    record: Model,
    *,
    by: User,
    words: str = "",
    fields: Iterable[tuple[str, object, object]] = (),
    act: str = OfficeChange.Act.DONE,
) -> None:
    """Of what is not saved row by row."""
    changed = [[name, *map(_shown, (before, after))] for name, before, after in fields]
    OfficeChange.objects.create(
        at=timezone.now(),
        by=by,
        act=act,
        model=record._meta.label_lower,
        record=str(record.pk),
        name=force_str(record)[:120],
        words=words[:SIGNS_MAX],
        fields=changed,
    )


def of(record: Model) -> QuerySet[OfficeChange]:
    return of_key(type(record), str(record.pk))


def of_key(model: type[Model], key: str) -> QuerySet[OfficeChange]:
    return OfficeChange.objects.filter(model=model._meta.label_lower, record=key)


def state(record: Model, parts: Iterable[QuerySet[Any]] = ()) -> str:
    """As the tables have it now. Two that differ are two states."""
    row = type(record)._base_manager.filter(pk=record.pk).values_list()
    rows = [list(row), *(list(part.order_by("pk").values_list()) for part in parts)]
    return sha256(_encoded(rows).encode()).hexdigest()[:16]


def _encoded(rows: object) -> str:
    return DjangoJSONEncoder(sort_keys=True, default=str).encode(rows)


def _is_watched(model: type[Model]) -> bool:
    meta = model._meta
    return meta.app_label in OUR_APPS and meta.label_lower not in OWN_HISTORY


def _before(sender: type[Model], instance: Model, *, raw: bool = False, **_said: Any) -> None:
    if _by.get() is None or raw or not _is_watched(sender):
        return
    row = None if instance._state.adding else sender._base_manager.filter(pk=instance.pk).values().first()
    instance.before_the_office = row  # type: ignore[attr-defined]  # read when it is saved


def _after(sender: type[Model], instance: Model, *, created: bool, **_said: Any) -> None:
    by = _by.get()
    if by is None or not _is_watched(sender):
        return
    before: Mapping[str, Any] = getattr(instance, "before_the_office", None) or {}
    changed = list(_differences(sender, before, instance))
    if created or changed:
        act = OfficeChange.Act.ADDED if created else OfficeChange.Act.CHANGED
        note(instance, by=by, act=act, fields=changed)


def _deleted(sender: type[Model], instance: Model, **_said: Any) -> None:
    by = _by.get()
    if by is not None and _is_watched(sender):
        gone = [(name, before, "") for name, _nothing, before in _differences(sender, {}, instance)]
        note(instance, by=by, act=OfficeChange.Act.DELETED, fields=gone)


def _members(sender: type[Model], instance: Model, action: str, pk_set: set[Any] | None, **said: Any) -> None:
    """Groups of a colleague, and what else is many to many."""
    by = _by.get()
    if (
        by is None
        or action not in {"post_add", "post_remove"}
        or not pk_set
        or not _is_watched(type(instance))
    ):
        return
    names = ", ".join(sorted(map(str, said["model"]._base_manager.filter(pk__in=pk_set))))
    name = str(sender._meta.verbose_name)
    pair = ("", names) if action == "post_add" else (names, "")
    note(instance, by=by, act=OfficeChange.Act.CHANGED, fields=[(name, *pair)])


def _differences(
    model: type[Model], before: Mapping[str, Any], instance: Model
) -> Iterator[tuple[str, object, object]]:
    hidden = SECRET | _personal(model)
    for field in model._meta.concrete_fields:
        was, now = before.get(field.attname, ""), getattr(instance, field.attname)
        if field.primary_key or now == was or (now in (None, "") and was in (None, "")):
            continue
        if field.name in hidden:
            was, now = (HIDDEN if value else "" for value in (was, now))
        yield field.name, was, now


def _personal(model: type[Model]) -> frozenset[str]:
    """A name is somebody's where an address stands beside it."""
    names = {field.name for field in model._meta.concrete_fields}
    of_this_one = PERSONAL_OF.get(model._meta.label_lower, frozenset())
    return PERSONAL | of_this_one | ({"name"} if names & {"street", "email"} else set())


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else force_str(value)
    return text if len(text) <= SIGNS_MAX else f"{text[: SIGNS_MAX - 1]}…"


pre_save.connect(_before)
post_save.connect(_after)
pre_delete.connect(_deleted)
m2m_changed.connect(_members)
