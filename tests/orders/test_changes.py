"""Every change by the office is written down, and nobody overwrites what they have not seen."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from configurator.designs import save
from configurator.models import Module, PriceList
from orders.models import OfficeChange
from orders.models.append_only import RecordIsAppendOnly
from orders.office.staff_groups import ensure_groups
from shop.models import ReadyBar
from tests.orders.paid import design, placed_order

pytestmark = pytest.mark.usefixtures("catalogue")


def colleague(name: str, group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(name, password="a-password-of-the-staff", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def form_of(html: str) -> dict[str, str]:
    """What the page's form would send as it stands."""
    form = html[html.index("<form", html.index('id="content-main"')) :]
    typed: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" not in said or said.get("type") == "submit":
            continue
        if said.get("type") in ("checkbox", "radio") and not re.search(r"\bchecked\b", tag):
            continue
        typed[said["name"]] = said.get("value", "on" if said.get("type") == "checkbox" else "")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', form):
        typed[name] = text.strip().replace("&quot;", '"')
    for name, options in re.findall(r'<select[^>]*name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        typed[name] = chosen[0] if chosen else ""
    return typed


@pytest.fixture
def almonds() -> str:
    return f"/admin/configurator/module/{Module.objects.get(key='almond_whole').pk}/change/"


def opened(client: Client, address: str) -> dict[str, str]:
    return form_of(client.get(address).content.decode())


def test_who_changed_what_from_what_to_what(almonds):
    cat = colleague("cat", "catalogue")
    before = Module.objects.get(key="almond_whole").surcharge_cents

    answer = cat.post(almonds, {**opened(cat, almonds), "surcharge_cents": str(before + 15)})

    assert answer.status_code == 302, answer.content.decode()
    (change,) = OfficeChange.objects.all()
    assert (change.by.username, change.act, change.model) == ("cat", "changed", "configurator.module")
    assert change.fields == [["surcharge_cents", str(before), str(before + 15)]]


def test_what_nobody_changed_is_no_change(almonds):
    cat = colleague("cat", "catalogue")

    cat.post(almonds, opened(cat, almonds))

    assert not OfficeChange.objects.exists()


def test_what_customers_do_is_no_change_of_the_office():
    placed_order((design(), 1))

    assert not OfficeChange.objects.exists()


def test_the_second_of_two_is_told_what_the_first_has_changed_and_loses_nothing(almonds):
    cat, kim = colleague("cat", "catalogue"), colleague("kim", "catalogue")
    first, second = opened(cat, almonds), opened(kim, almonds)
    before = first["surcharge_cents"]
    cat.post(almonds, {**first, "surcharge_cents": "77"})

    answer = kim.post(almonds, {**second, "name_en": "Whole almonds"})

    told = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(rf"cat, \d\d:\d\d: surcharge_cents: {before} → 77\.", told)
    assert 'value="Whole almonds"' in told
    assert Module.objects.get(key="almond_whole").surcharge_cents == 77

    kim.post(almonds, {**form_of(told), "surcharge_cents": "77"})

    module = Module.objects.get(key="almond_whole")
    assert (module.name_en, module.surcharge_cents) == ("Whole almonds", 77)


def test_rows_on_the_same_page_count_too():
    cat, kim = colleague("cat", "catalogue"), colleague("kim", "catalogue")
    prices = PriceList.objects.create(
        currency="USD", name="Dollars", permille=1000, step_cents=100, valid_from="2026-01-01"
    )
    prices_page = f"/admin/configurator/pricelist/{prices.pk}/change/"
    first, second = opened(cat, prices_page), opened(kim, prices_page)
    own = next(name.rpartition("-")[0].rpartition("-")[0] for name in first if name.endswith("-0-key"))

    cat.post(prices_page, {**first, f"{own}-0-key": "almond_whole", f"{own}-0-cents": "900"})
    answer = kim.post(prices_page, {**second, "name": "Bucks"})

    assert prices.own.count() == 1
    assert "changed while you had it open" in answer.content.decode()
    assert PriceList.objects.get().name == "Dollars"


def test_a_row_that_two_people_edit_in_their_lists_is_told_of_and_other_rows_stay_as_they_are():
    cat, kim = colleague("cat", "catalogue"), colleague("kim", "catalogue")
    bar, other = (ready_bar(name) for name in ("Ada", "Grace"))
    first, second = in_list(cat), in_list(kim)
    mine = next(
        name.rpartition("-")[0] for name in first if first[name] == str(bar.pk) and name.endswith("-id")
    )
    theirs = next(
        name.rpartition("-")[0] for name in first if first[name] == str(other.pk) and name.endswith("-id")
    )

    cat.post(BARS, {**first, f"{mine}-position": "7", f"{theirs}-position": "3"})
    warned = kim.post(BARS, {**second, f"{mine}-position": "9"})
    assert "changed while you had the list open" in warned.content.decode()
    assert "→ 7" in warned.content.decode()
    assert positions() == {"Ada": 7, "Grace": 3}

    again = list_form(warned.content.decode())
    assert again[f"{mine}-position"] == "9"
    kim.post(BARS, again)
    assert positions() == {"Ada": 9, "Grace": 3}


BARS = "/admin/shop/readybar/"


def ready_bar(name: str) -> ReadyBar:
    return ReadyBar.objects.create(slug=name.lower(), design=save(design(name)), position=1)


def positions() -> dict[str, int]:
    return {bar.design.name: bar.position for bar in ReadyBar.objects.select_related("design")}


def in_list(who: Client) -> dict[str, str]:
    return list_form(who.get(BARS).content.decode())


def list_form(html: str) -> dict[str, str]:
    start = html.index('id="changelist-form"')
    return form_of('id="content-main"><form ' + html[start:]) | {"_save": "Save"}


def test_no_password_and_no_address_is_written_down():
    owner = colleague("olga", "owner")

    owner.post(
        "/admin/auth/user/add/",
        {"username": "new", "password1": "quite-a-long-password", "password2": "quite-a-long-password",
         "usable_password": "true"},
    )  # fmt: skip
    new = User.objects.get(username="new")
    owner.post(
        f"/admin/auth/user/{new.pk}/change/",
        {"username": "new", "email": "new@example.org", "is_active": "on",
         "groups": [Group.objects.get(name="support").pk]},
    )  # fmt: skip

    written = str(list(OfficeChange.objects.values()))
    assert "new@example.org" not in written
    assert new.password not in written
    assert ["email", "", "•••"] in [field for change in OfficeChange.objects.all() for field in change.fields]
    assert any("support" in field[2] for change in OfficeChange.objects.all() for field in change.fields)


@pytest.mark.parametrize(
    ("group", "status"), [("owner", 200), ("accountant", 200), ("support", 403), ("catalogue", 403)]
)
def test_owner_and_accountant_read_what_was_changed(group, status, almonds):
    cat = colleague("cat", "catalogue")
    cat.post(almonds, {**opened(cat, almonds), "surcharge_cents": "77"})
    reader = colleague("reader", group)

    answer = reader.get("/admin/orders/officechange/")

    assert answer.status_code == status
    if status == 200:
        assert "Surcharge, cents: 70 → 77" in answer.content.decode()
        change = OfficeChange.objects.get()
        assert reader.get(f"/admin/orders/officechange/{change.pk}/change/").status_code == 200
        assert (
            reader.post(f"/admin/orders/officechange/{change.pk}/delete/", {"post": "yes"}).status_code == 403
        )


def test_nobody_rewrites_what_was_changed(almonds):
    cat = colleague("cat", "catalogue")
    cat.post(almonds, {**opened(cat, almonds), "surcharge_cents": "77"})
    change = OfficeChange.objects.get()

    for attempt in (change.save, change.delete, OfficeChange.objects.all().delete):
        with pytest.raises(RecordIsAppendOnly):
            attempt()
