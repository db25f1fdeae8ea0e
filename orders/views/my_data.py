"""Everything we hold of somebody: to be seen, copied and forgotten, with an account or by a link from a mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from configurator import limits
from configurator.makers import makers
from configurator.pictures import photos
from orders.account.personal_forms import AddressForm, ErasureForm
from orders.buying import cookies
from orders.models import PersonalRequest
from orders.order_access import kept_secret
from orders.personal import held, requests
from orders.personal.people import Person, with_account
from orders.views.cart import locale
from orders.views.responses import SeeOther
from shop import account_letters, proven_addresses

MAILS_AN_HOUR: Final = 5
COPIES_A_DAY: Final = 5
DAY: Final = 86_400


class NotProven(Exception):
    """Who asks has to prove who they are first; the answer says where."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has just proven who they are: by their password, or by a link that only they could read."""

    person: Person
    key: str
    """Of the link; empty for an account."""

    def address(self, page: str, *parts: str) -> str:
        name, own = ("proven", [self.key]) if self.key else ("account", [])
        return reverse(f"orders:my-data-{name}{page}", args=[*own, *parts])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """For guests. Nobody learns here which addresses we know."""
    if request.method != "POST":
        return render(request, "orders/personal/ask.html", {"form": AddressForm()})
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/personal/ask.html", {"form": form}, status=422)
    email = form.cleaned_data["email"]
    who = (limits.visitor(request), limits.nameless(email.casefold()))
    if limits.counted_most("my-data", who, seconds=3600) > MAILS_AN_HOUR:
        return render(request, "429.html", status=429)
    account_letters.owe("my_data" if held.knows(email) else "my_data_unknown", email)
    return render(request, "orders/personal/ask.html", {"sent_to": email})


@require_safe
@never_cache
def overview(request: HttpRequest, key: str = "") -> HttpResponse:
    try:
        visitor = _visitor(request, key)
    except NotProven as stranger:
        return stranger.answer
    at = now()
    copies = [
        (copy, requests.is_ready(copy, at), visitor.address("-copy", copy.key))
        for copy in requests.of_person(visitor.person).filter(kind=PersonalRequest.Kind.COPY)
    ]
    page = {"held": held.of(visitor.person), "copies": copies, "person": visitor.person}
    page |= {"copies_address": visitor.address("-copies"), "erasure_address": visitor.address("-erasure")}
    return kept_secret(render(request, "orders/personal/overview.html", page))


@require_POST
@never_cache
def copies(request: HttpRequest, key: str = "") -> HttpResponse:
    try:
        visitor = _visitor(request, key)
    except NotProven as stranger:
        return stranger.answer
    if not limits.within("personal-copies", request, most=COPIES_A_DAY, seconds=DAY):
        return render(request, "429.html", status=429)
    requests.ask_for_copy(visitor.person, locale=locale(), at=now())
    return SeeOther(visitor.address(""))


@require_safe
@never_cache
def copy(request: HttpRequest, copy_key: str, key: str = "") -> HttpResponseBase:
    try:
        visitor = _visitor(request, key)
    except NotProven as stranger:
        return stranger.answer
    found = requests.of_person(visitor.person).filter(key=copy_key).first()
    if found is None or not requests.is_ready(found, now()) or not default_storage.exists(found.file):
        raise Http404
    file = FileResponse(default_storage.open(found.file), as_attachment=True, filename="couverture.zip")
    file["X-Robots-Tag"] = "noindex, nofollow"
    return file


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def erasure(request: HttpRequest, key: str = "") -> HttpResponse:
    try:
        visitor = _visitor(request, key)
    except NotProven as stranger:
        return stranger.answer
    there = held.of(visitor.person)
    form = ErasureForm(request.POST if request.method == "POST" else None, initial={"browser": True})
    if request.method == "POST" and form.is_valid() and not there.open and not _is_staff(visitor):
        return _forgotten(request, visitor, with_browser=form.cleaned_data["browser"])
    page = {"held": there, "form": form, "person": visitor.person, "back": visitor.address("")}
    page |= {"is_staff": _is_staff(visitor)}
    status = 200 if request.method != "POST" else 409 if there.open or _is_staff(visitor) else 422
    return kept_secret(render(request, "orders/personal/erasure.html", page, status=status))


@require_safe
@never_cache
def forgotten(request: HttpRequest, key: str) -> HttpResponse:
    """How far it is, for whoever holds this address; it names nobody."""
    found = PersonalRequest.objects.filter(key=key, kind=PersonalRequest.Kind.ERASURE).first()
    if found is None:
        raise Http404
    page = {"asked": found, "papers": requests.papers_kept(found)}
    return kept_secret(render(request, "orders/personal/forgotten.html", page))


def _forgotten(request: HttpRequest, visitor: Visitor, *, with_browser: bool) -> HttpResponse:
    with_browser = with_browser or visitor.person.user is not None
    person = visitor.person if with_browser else replace(visitor.person, makers=(), carts=(), photos=())
    asked = requests.ask_to_forget(person, locale=locale(), at=now())
    logout(request)
    response = SeeOther(reverse("orders:my-data-forgotten", args=[asked.key]))
    for name in (makers.COOKIE, cookies.CART) if with_browser else ():
        response.delete_cookie(name)
    response.delete_cookie(cookies.ORDERS)
    return response


def _is_staff(visitor: Visitor) -> bool:
    """What colleagues did in the office stays theirs; the owner closes their accounts."""
    return visitor.person.user is not None and visitor.person.user.is_staff


def _visitor(request: HttpRequest, key: str) -> Visitor:
    """Raises NotProven."""
    if key:
        return Visitor(replace(_in_browser(request), emails=(_proven(request, key),)), key)
    user = request.user
    if not isinstance(user, User):
        raise NotProven(redirect_to_login(request.get_full_path()))
    if not did_recently_reauthenticate(request):
        there = urlencode({REDIRECT_FIELD_NAME: reverse("orders:my-data-account")})
        raise NotProven(SeeOther(f"{reverse('account_reauthenticate')}?{there}"))
    return Visitor(with_account(user, _photos_of(request)), "")


def _proven(request: HttpRequest, key: str) -> str:
    email = proven_addresses.email_of(key)
    if email is None:
        page = {"form": AddressForm(), "is_over": True}
        raise NotProven(render(request, "orders/personal/ask.html", page, status=410))
    return email


def _in_browser(request: HttpRequest) -> Person:
    """A guest's: what an account has is shown to the account alone."""
    return Person(
        makers=tuple(filter(None, [makers.maker_of_browser(request)])),
        carts=tuple(filter(None, [cookies.guest_cart_key(request)])),
        photos=tuple(_photos_of(request)),
    )


def _photos_of(request: HttpRequest) -> list[str]:
    return list(request.session.get(photos.SESSION_KEY, ()))
