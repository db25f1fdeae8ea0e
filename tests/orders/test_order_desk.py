"""What staff do about an order: on one page with all that happened, asked first, and two people at once."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from orders.after import claims
from orders.models import Claim, Job, Message, OfficeChange, Order, Shipment
from orders.money import invoices
from orders.office.staff_groups import ensure_groups
from orders.production import refusals
from tests.orders.paid import MONDAY_NOON, bring_to, design, jobs_of, only_job, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")


def colleague(name: str, group: str = "support") -> Client:
    ensure_groups()
    user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sue(catalogue: None) -> Client:
    return colleague("sue")


def page(order: Order) -> str:
    return f"/admin/orders/order/{order.pk}/change/"


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(seen|opened)" value="([^"]+)"', html))


def opened(client: Client, address: str) -> dict[str, str]:
    """What the form says of the state it was opened in."""
    return hidden(client.get(address).content.decode())


MOVED = {
    "name": "Ada Lovelace",
    "street": "Neue Straße 5",
    "extra": "",
    "postcode": "20095",
    "city": "Hamburg",
}


def test_a_note_stands_in_what_happened(sue):
    order = paid_order()

    answer = sue.post(
        f"/admin/orders/order/{order.pk}/notes/", {"words": "She calls back on Friday."}, follow=True
    )

    assert "She calls back on Friday." in answer.content.decode()
    assert order.notes.get().by.username == "sue"


def test_an_empty_note_is_not_kept(sue):
    order = paid_order()

    answer = sue.post(f"/admin/orders/order/{order.pk}/notes/", {"words": " "})

    assert (answer.status_code, order.notes.count()) == (422, 0)
    assert "Write the note." in answer.content.decode()


def test_everything_stands_in_its_order_of_time(sue):
    order = paid_order()
    bring_to(only_job(order), "moulded", User.objects.create_user("bea"))
    sue.post(f"/admin/orders/order/{order.pk}/notes/", {"words": "Be careful"})

    events = [event.words for event in sue.get(page(order)).context["events"]]
    code = only_job(order).code
    assert events[:2] == ["Ordered", "Paid"]
    assert events[-1] == "Note"
    assert {f"{code} · Kitted", f"{code} · Moulded", "Confirmation mail: to be sent"} <= set(events)


COMPLAINED = ("It arrived broken", "The customer writes", "Decided: declined", "Answer to the customer")


def what_happened(client: Client, order: Order) -> list[tuple[str, str, str]]:
    events = client.get(page(order)).context["events"]
    return [(event.words, event.by, event.note) for event in events]


def test_a_complaint_its_answer_and_what_was_charged_stand_among_the_rest(sue):
    order, later = paid_order(), MONDAY_NOON + timedelta(days=3)
    invoice = invoices.issue(order, at=MONDAY_NOON + timedelta(days=1))
    bring_to(only_job(order), "shipped", User.objects.create_user("bea"))
    claim = claims.open_claim(order, claims.Told(only_job(order).pk, "broken", "In pieces", ()), at=later)
    Message.objects.create(order=order, by_customer=True, words="Hello?", at=later + timedelta(hours=1))
    sue_herself = User.objects.get(username="sue")
    claims.decline(claim, "No, sorry.", by=sue_herself, at=later + timedelta(hours=2))

    told = what_happened(sue, order)
    assert [(words, by) for words, by, _note in told if words in COMPLAINED] == [
        ("It arrived broken", ""),
        ("Answer to the customer", ""),
        ("The customer writes", ""),
        ("Decided: declined", "sue"),
        ("Answer to the customer", "sue"),
    ]
    assert {("It arrived broken", "", "In pieces"), ("The customer writes", "", "Hello?")} <= set(told)
    assert (f"Invoice {invoice.number}: 11.40 EUR", "", "") in told


def test_who_may_not_read_complaints_does_not_find_them_among_what_happened():
    order = paid_order()
    invoice = invoices.issue(order, at=MONDAY_NOON)
    Claim.objects.create(order=order, kind="broken", job=only_job(order), words="In pieces", at=MONDAY_NOON)
    Message.objects.create(order=order, by_customer=True, words="Hello?", at=MONDAY_NOON)

    words = [words for words, _by, _note in what_happened(colleague("ann", "accountant"), order)]
    assert f"Invoice {invoice.number}: 11.40 EUR" in words
    assert not {"It arrived broken", "The customer writes"} & set(words)


def test_a_parcel_goes_somewhere_else_until_it_is_packed(sue):
    order = paid_order()
    address = f"/admin/orders/order/{order.pk}/parcels/1/address/"

    answer = sue.post(address, {**opened(sue, address), **MOVED}, follow=True)

    assert "The parcel goes to the new address." in answer.content.decode()
    parcel = order.shipments.get()
    assert (parcel.street, parcel.postcode, parcel.city) == ("Neue Straße 5", "20095", "Hamburg")
    change = OfficeChange.objects.get()
    assert change.by.username == "sue"
    assert change.fields == [[field, "•••", "•••"] for field in ("street", "postcode", "city")]


def test_where_a_packed_parcel_goes_stays(sue):
    order = paid_order()
    bring_to(only_job(order), "packed", User.objects.create_user("bea"))
    address = f"/admin/orders/order/{order.pk}/parcels/1/address/"

    answer = sue.post(address, {**opened(sue, address), **MOVED})

    assert "It is packed by now" in answer.content.decode()
    assert order.shipments.get().city == "Berlin"
    assert "Change the address" not in sue.get(page(order)).content.decode()


def test_a_postcode_of_another_country_is_refused_and_what_was_typed_stays(sue):
    order = paid_order()
    address = f"/admin/orders/order/{order.pk}/parcels/1/address/"

    answer = sue.post(address, {**opened(sue, address), **MOVED, "postcode": "1010"})

    assert answer.status_code == 422
    assert 'value="Neue Straße 5"' in answer.content.decode()
    assert order.shipments.get().city == "Berlin"


def test_the_country_of_a_parcel_cannot_be_changed(sue):
    order = paid_order()
    address = f"/admin/orders/order/{order.pk}/parcels/1/address/"

    sue.post(address, {**opened(sue, address), **MOVED, "country": "AT"})

    assert order.shipments.get().country == "DE"


def test_all_bars_of_an_order_wait_and_go_on(sue):
    order = paid_order((design(), 2))
    hold, release = (f"/admin/orders/order/{order.pk}/{what}/" for what in ("hold", "release"))

    sue.post(hold, {**opened(sue, hold), "why": "She wants to change a name"})
    assert set(Job.objects.values_list("hold_reason", flat=True)) == {"She wants to change a name"}
    with pytest.raises(refusals.OnHold):
        bring_to(jobs_of(order)[0], "kitted", User.objects.create_user("bea"))

    answer = sue.post(release, opened(sue, release), follow=True)

    assert "2 bars go on." in answer.content.decode()
    assert not Job.objects.exclude(on_hold_since=None).exists()


def test_the_second_of_two_is_told_what_the_first_has_done(sue):
    tom = colleague("tom")
    order = paid_order()
    address = f"/admin/orders/order/{order.pk}/parcels/1/address/"
    both = opened(sue, address), opened(tom, address)

    sue.post(address, {**both[0], **MOVED})
    second = tom.post(address, {**both[1], **MOVED, "street": "Ganz woanders 1"})

    told = second.content.decode()
    assert second.status_code == 409
    assert "Nothing was done yet" in told
    assert "Address of parcel 1 changed · sue" in told
    assert 'value="Ganz woanders 1"' in told
    assert order.shipments.get().street == "Neue Straße 5"

    tom.post(address, {**hidden(told), **MOVED, "street": "Ganz woanders 1"})

    assert order.shipments.get().street == "Ganz woanders 1"


@pytest.mark.parametrize("what", ["hold", "release", "parcels/1/address"])
def test_without_having_seen_the_order_nothing_is_done(sue, what):
    order = paid_order()
    before = list(Shipment.objects.values()), list(Job.objects.values())

    sue.post(f"/admin/orders/order/{order.pk}/{what}/", {**MOVED, "why": "x"})

    assert (list(Shipment.objects.values()), list(Job.objects.values())) == before
    assert not OfficeChange.objects.exists()


@pytest.mark.parametrize("group", ["production", "catalogue", "accountant"])
@pytest.mark.parametrize("what", ["notes", "hold", "release", "parcels/1/address"])
def test_who_may_not_do_it_is_refused(group, what):
    order = paid_order()

    answer = colleague("x", group).post(f"/admin/orders/order/{order.pk}/{what}/", {**MOVED, "why": "x"})

    assert answer.status_code == 403


def test_an_auditor_reads_all_and_finds_no_button():
    order = paid_order(at=MONDAY_NOON)
    auditor = colleague("ann", "accountant")

    html = auditor.get(page(order)).content.decode()

    assert "What happened" in html
    assert 'class="button"' not in html
    assert auditor.get(page(order)).context["buttons"] == []


def test_an_order_that_is_not_there_is_not_found(sue):
    for what in ("notes", "hold", "release", "parcels/1/address"):
        assert sue.get(f"/admin/orders/order/999/{what}/").status_code == 404
    order = paid_order()
    assert sue.get(f"/admin/orders/order/{order.pk}/parcels/7/address/").status_code == 404
