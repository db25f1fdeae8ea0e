"""The office's first page: how the day goes, and each group sees what it may."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from configurator.models import DayCount
from orders.models import Job, LedgerEntry, Order, Payment
from orders.office.staff_groups import RIGHTS, ensure_groups
from tests.orders.paid import bring_to, design, paid_order, placed_order

pytestmark = pytest.mark.usefixtures("catalogue")


def signed_in(group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(group, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def front(group: str) -> dict[str, str]:
    """The tiles as they are read."""
    page = signed_in(group).get("/admin/").content.decode()
    return {
        words: number
        for number, words in re.findall(r"<strong>([^<]*)</strong> <span>([^<]*)</span></a>", page)
    }


def money_came_in(order: Order, cents: int, currency: str, stripe_id: str) -> None:
    now = timezone.now()
    payment, _made = Payment.objects.get_or_create(
        order=order, attempt=1,
        defaults={
            "state": "paid", "amount_cents": cents, "captured_cents": cents, "currency": currency, "livemode": False,
            "request": {}, "created_at": now, "look_at": now,
        },
    )  # fmt: skip
    LedgerEntry.objects.create(
        kind="charge",
        stripe_id=stripe_id,
        payment=payment,
        order=order,
        cents=cents,
        currency=currency,
        at=now,
    )


def test_the_day_in_numbers():
    now = timezone.now()
    order = paid_order(at=now)
    placed_order((design(), 1), at=now)
    money_came_in(order, 1250, "EUR", "ch_1")
    money_came_in(order, 990, "USD", "ch_2")
    Job.objects.update(due_on=timezone.localdate() - timedelta(days=1))

    assert (
        front("owner").items()
        >= {
            "Orders today": "2",
            "of them paid": "1",
            "Bars that are late": "1",
            "Bars due today": "0",
        }.items()
    )
    page = signed_in("accountant").get("/admin/").content.decode()
    assert "<strong>12.50 EUR</strong>" in page
    assert "<strong>9.90 USD</strong>" in page


@pytest.mark.parametrize(
    ("group", "sees", "charts"),
    [
        ("owner", {"Orders today", "of them paid", "Money today", "Bars that are late", "Bars due today",
                   "Parcels that are late", "Parcels that leave today"}, 4),
        ("support", {"Orders today", "of them paid", "Bars that are late", "Bars due today",
                     "Parcels that are late", "Parcels that leave today"}, 1),
        ("production", {"Bars that are late", "Bars due today", "Parcels that are late",
                        "Parcels that leave today"}, 2),
        ("catalogue", set(), 2),
        ("accountant", {"Orders today", "of them paid", "Money today", "Parcels that are late",
                        "Parcels that leave today"}, 1),
    ],
)  # fmt: skip
def test_each_group_sees_what_it_may(group, sees, charts):
    page = signed_in(group).get("/admin/").content.decode()

    assert set(re.findall(r"</strong> <span>([^<]*)</span></a>", page)) == sees
    assert page.count('<figure class="chart">') == charts


def test_a_chart_is_drawn_without_a_script_and_can_be_read_as_a_table():
    order = paid_order((design(), 2), at=timezone.now())
    bring_to(Job.objects.earliest("pk"), "wrapped", User.objects.create_user("bea"))
    money_came_in(order, 1250, "EUR", "ch_1")
    DayCount.objects.create(day=timezone.localdate(), what="opened", number=8)

    page = signed_in("owner").get("/admin/").content.decode()

    assert "style=" not in page[page.index('class="charts"') : page.index('id="content-main"')]
    assert 'aria-label="Money that came in, EUR. Most:' in page
    assert re.search(r'<th scope="row">[^<]*[Aa]lmond[^<]*</th><td class="sum">2</td>', page)
    assert '<th scope="row">studio opened</th><td class="sum">8 (100 %)</td>' in page
    assert '<th scope="row">paid</th><td class="sum">1 (12 %)</td>' in page


@pytest.mark.parametrize("orders", [1, 3])
def test_the_first_page_costs_the_same_however_much_happened(django_assert_num_queries, orders):
    for _each in range(orders):
        paid_order(at=timezone.now())
    client = signed_in("owner")
    client.get("/admin/")

    with django_assert_num_queries(36):
        client.get("/admin/")


@pytest.mark.parametrize("group", RIGHTS)
def test_nobody_is_led_to_a_page_that_is_closed_to_them(group):
    order = paid_order(at=timezone.now())
    Job.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    work = order.work.get(kind="confirmation")
    type(work).objects.update(attempts=10, stuck_at=timezone.now(), last_error="the disk is full")
    client = signed_in(group)

    page = client.get("/admin/").content.decode()
    linked = set(re.findall(r'class="tile[^"]*" href="([^"]+)"|class="warning"><a href="([^"]+)"', page))

    addresses = [(tile or worry).replace("&amp;", "&") for tile, worry in linked]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
