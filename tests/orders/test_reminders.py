"""The same bar again on a day: confirmed by mail, told of once and two weeks before, ended with one press."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from configurator.catalogue.publishing import publish
from configurator.designs import save
from configurator.models import Design as DesignRow
from configurator.models import Module as ModuleRow
from orders import emails
from orders.after import reminders
from orders.after.reminder_days import next_day
from orders.after.reminders import Wish
from orders.models import CartLine, Letter, Order, PendingWork, Reminder, ReminderDay
from orders.office.staff_groups import ensure_groups
from orders.production import outbox
from orders.tasks import carry_out
from tests.configurator.people import Person
from tests.orders.paid import design, paid_order, with_photo_print
from tests.orders.safeguards import without
from tests.orders.threads import all_look_first, in_threads

pytestmark = pytest.mark.usefixtures("catalogue")

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
CHRISTMAS = date(2026, 12, 24)
TWO_WEEKS_BEFORE = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def postbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def bar(ada_bar) -> DesignRow:
    return DesignRow.objects.get(digest=ada_bar.digest)


def wish(on: date = CHRISTMAS, *, yearly: bool = False, **changed: str) -> Wish:
    said = {"occasion": "Christmas Eve", "locale": "en", "currency": "EUR"} | changed
    return Wish(email="ada@example.org", on=on, yearly=yearly, **said)


def reminder_of(bar: DesignRow, wanted: Wish | None = None, at: datetime = NOON) -> Reminder:
    """Set: its address was confirmed before."""
    return reminders.ask(bar, wanted or wish(), is_theirs=True, at=at)


def texts(letter: Letter) -> tuple[str, str]:
    written = emails.mail(letter)
    (html, _kind), *_none = written.alternatives
    return str(written.body), unescape(str(html))


def the_reminding() -> Letter:
    return Letter.objects.get(kind="reminder")


# ── Which day ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("month", "day", "after", "comes"),
    [
        (12, 24, date(2026, 12, 23), date(2026, 12, 24)),
        (12, 24, date(2026, 12, 24), date(2027, 12, 24)),
        (1, 1, date(2026, 12, 31), date(2027, 1, 1)),
        (2, 29, date(2026, 3, 1), date(2027, 2, 28)),
        (2, 29, date(2027, 2, 28), date(2028, 2, 29)),
        (2, 29, date(2028, 2, 28), date(2028, 2, 29)),
        (2, 29, date(2028, 2, 29), date(2029, 2, 28)),
        (2, 28, date(2028, 2, 28), date(2029, 2, 28)),
    ],
)
def test_the_next_of_days_that_come_every_year(month, day, after, comes):
    assert next_day(month, day, after=after) == comes


def test_whoever_was_born_on_a_leap_day_is_thought_of_every_year(bar):
    reminder_of(bar, wish(date(1996, 2, 29), yearly=True))
    told = []
    at = NOON
    while at.year < 2033:
        reminders.remind(at)
        at += timedelta(days=7)
    told = list(ReminderDay.objects.values_list("on", flat=True))
    assert told == [date(2027, 2, 28), date(2028, 2, 29), *(date(year, 2, 28) for year in (2029, 2030, 2031)),
                    date(2032, 2, 29)]  # fmt: skip


def test_a_day_too_near_for_a_mail_begins_next_year_when_it_comes_every_year(bar):
    assert reminder_of(bar, wish(date(2026, 11, 30), yearly=True)).next_on == date(2027, 11, 30)
    assert reminder_of(bar, wish(date(2026, 12, 1), yearly=True)).next_on == date(2026, 12, 1)


# ── Once, two weeks before ───────────────────────────────────────────────────────────────────────


def test_it_is_told_of_two_weeks_before_in_the_morning_and_once(bar, postbox):
    reminder_of(bar)
    assert reminders.remind(TWO_WEEKS_BEFORE - A_DAY) == 0
    early = datetime(2026, 12, 9, 23, 30, tzinfo=UTC)  # in Berlin the tenth has begun

    assert [reminders.remind(early), reminders.remind(TWO_WEEKS_BEFORE)] == [1, 0]

    letter = the_reminding()
    assert timezone.localtime(letter.try_at).isoformat() == "2026-12-10T08:00:00+01:00"
    assert Reminder.objects.get().is_over


def test_every_year_means_every_year(bar):
    reminder_of(bar, wish(yearly=True))
    assert [reminders.remind(TWO_WEEKS_BEFORE.replace(year=2026 + years)) for years in range(3)] == [1, 1, 1]
    assert list(ReminderDay.objects.values_list("on", flat=True)) == [
        date(2026, 12, 24), date(2027, 12, 24), date(2028, 12, 24)]  # fmt: skip


def test_a_shop_that_was_closed_for_two_weeks_reminds_of_no_day_that_is_over(bar):
    reminder_of(bar, wish(yearly=True))
    late = datetime(2026, 12, 24, 12, tzinfo=UTC)
    assert reminders.remind(late - A_DAY) == 1
    Reminder.objects.update(next_on=CHRISTMAS)
    assert reminders.remind(late) == 0
    assert Reminder.objects.get().next_on == date(2027, 12, 24)


def no_crossing_off(patch):
    patch.setattr(reminders, "_cross_off", lambda *_which: True)


@pytest.mark.both_databases
@without(no_crossing_off)
def test_of_four_workers_that_look_at_once_one_owes_the_mail(transactional_db, catalogue, bar, monkeypatch):
    reminder_of(bar)
    monkeypatch.setattr(reminders, "due", all_look_first(reminders.due, 4))

    assert sorted(in_threads(4, lambda _number: reminders.remind(TWO_WEEKS_BEFORE))) == [0, 0, 0, 1]
    assert Letter.objects.filter(kind="reminder").count() == 1


def no_lease(patch):
    def anybody(work_id, *, now):
        return PendingWork.objects.get(pk=work_id)

    patch.setattr(outbox, "claim", anybody)


@without(no_lease)
def test_of_four_workers_that_hear_the_bell_at_once_one_sends_it(transactional_db, catalogue, bar, postbox):
    reminder_of(bar, wish(timezone.localdate() + timedelta(days=15)), at=timezone.now())
    assert reminders.remind(timezone.now() + A_DAY) == 1
    Letter.objects.update(try_at=timezone.now() - A_DAY)

    in_threads(4, lambda _number: carry_out(the_reminding().pk))

    assert [sent.to for sent in postbox] == [["ada@example.org"]]


def test_a_mail_server_that_is_away_is_seen_by_staff_who_send_it_again(bar, settings, postbox):
    reminder_of(bar, wish(timezone.localdate() + timedelta(days=15)), at=timezone.now())
    reminders.remind(timezone.now() + A_DAY)
    Letter.objects.update(try_at=timezone.now() - A_DAY)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    carry_out(the_reminding().pk)
    assert list(outbox.failing()) == list(Letter.objects.filter(kind="reminder"))

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = staff("support")
    letter = the_reminding()
    page = client.get(f"/admin/orders/letter/{letter.pk}/sending/").content.decode()
    assert "ada@example.org" in page
    assert Reminder.objects.get().token not in page
    assert "ConnectionRefusedError" in client.get("/admin/orders/letter/?state=failing").content.decode()
    client.post(f"/admin/orders/letter/{letter.pk}/sending/", {"sendings": letter.sendings})
    carry_out(letter.pk)
    assert [sent.extra_headers["Message-ID"] for sent in postbox] == [
        f"<reminder-day-{letter.reminder_day_id}-2@127.0.0.1>"
    ]


def test_a_mail_that_could_not_be_sent_before_the_day_is_not_sent_after_it_and_staff_see_that(bar, postbox):
    reminder_of(bar)
    reminders.remind(TWO_WEEKS_BEFORE)
    ReminderDay.objects.update(on=timezone.localdate())
    Letter.objects.update(try_at=timezone.now() - A_DAY)
    carry_out(the_reminding().pk)
    assert postbox == []
    assert the_reminding().last_error.startswith("DayOver")


# ── What it says ─────────────────────────────────────────────────────────────────────────────────


def test_the_mail_shows_the_bar_and_what_it_costs_today_and_how_to_end_it(bar):
    reminder = reminder_of(bar)
    reminders.remind(TWO_WEEKS_BEFORE)
    written = emails.mail(the_reminding())
    assert str(written.subject) == "Christmas Eve on 24 December 2026: the same bar again?"
    assert written.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for text in texts(the_reminding()):
        assert "€" in text
        assert "Nothing has changed: the same recipe, the same picture, the same price." in text
        assert f"/c/{bar.code}/" in text
        assert f"/reminders/{reminder.token}/end/" in text
    assert f"/p/{bar.digest}/wrapped-600.jpg" in texts(the_reminding())[1]


def test_the_mail_says_exactly_what_has_changed(bar):
    paid_order((bar.value, 1), at=NOON)
    reminder_of(bar)
    ModuleRow.objects.filter(key="almond_whole").update(surcharge_cents=990)
    publish("bar-100", at=timezone.now() - timedelta(days=40))
    DesignRow.objects.update(created_at=NOON - timedelta(days=400))
    reminders.remind(TWO_WEEKS_BEFORE)
    for text in texts(the_reminding()):
        assert "The price: one bar costs" in text
        assert "All else is as it was." in text


def test_a_bar_that_cannot_be_made_says_so_and_leads_to_what_comes_nearest(bar):
    reminder_of(bar)
    ModuleRow.objects.filter(key="almond_whole").update(retired=True)
    publish("bar-100", at=NOON)
    reminders.remind(TWO_WEEKS_BEFORE)
    for text in texts(the_reminding()):
        assert "This bar cannot be made as it was" in text
        assert "See what comes nearest" in text
        assert "€" not in text


def test_it_speaks_german_and_counts_in_francs_for_whoever_did(bar):
    reminder_of(bar, wish(locale="de", currency="CHF", occasion=""))
    reminders.remind(TWO_WEEKS_BEFORE)
    written = emails.mail(the_reminding())
    assert "24. Dezember 2026" in str(written.subject)
    text, _html = texts(the_reminding())
    assert "CHF" in text
    assert f"/de/c/{bar.code}/" in text


def test_a_photo_is_in_no_mail(catalogue):
    row = save(with_photo_print(design()))
    reminder_of(row)
    reminders.remind(TWO_WEEKS_BEFORE)
    assert "The photo: it is printed for whoever brought it." in texts(the_reminding())[0]


def test_a_bar_that_its_maker_has_closed_since_is_neither_shown_nor_named(ada_bar):
    creation = Person("ada").designs(ada_bar, start=ada_bar.named("Before"))
    row = DesignRow.objects.get(digest=ada_bar.digest)
    reminder_of(row)
    creation.visibility = "private"
    creation.save()
    reminders.remind(TWO_WEEKS_BEFORE)
    for text in texts(the_reminding()):
        assert "whoever designed it keeps it to themselves now" in text
        assert row.digest not in text
        assert row.code not in text


# ── Asked and confirmed ──────────────────────────────────────────────────────────────────────────


def typed(**changed: str) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=60)
    return {
        "on": day.isoformat(),
        "often": "once",
        "occasion": "Grandmother",
        "email": "ada@example.org",
    } | changed


def page(bar: DesignRow) -> str:
    return f"/c/{bar.code}/reminder/"


def link_in(letter) -> str:
    found = re.search(r"https?://[^/\s]+(/\S*reminders/\S+)", str(letter.body))
    assert found
    return found[1]


def test_opening_the_link_changes_nothing_and_its_button_sets_it(client, bar, postbox):
    answer = client.post(page(bar), typed(), follow=True)
    assert "We have written to ada@example.org." in answer.content.decode()
    carry_out(Letter.objects.get(kind="reminder_ask").pk)
    (asked,) = postbox
    assert asked.to == ["ada@example.org"]
    assert "Grandmother" not in asked.body
    stranger = Client()
    address = link_in(asked)
    for _time in range(2):
        assert "Yes, remind me" in stranger.get(address).content.decode()
    assert Reminder.objects.get().confirmed_at is None
    assert reminders.remind(timezone.now() + timedelta(days=50)) == 0

    assert "We remind you" in stranger.post(address, follow=True).content.decode()
    assert reminders.remind(timezone.now() + timedelta(days=50)) == 1


def test_the_same_wish_twice_is_one_and_one_mail(client, bar, postbox):
    for _time in range(2):
        client.post(page(bar), typed())
    assert Reminder.objects.count() == 1
    assert Letter.objects.filter(kind="reminder_ask").count() == 1
    carry_out(Letter.objects.get().pk)
    client.post(page(bar), typed())
    carry_out(Letter.objects.get().pk)
    assert len(postbox) == 1


def test_whoever_asks_for_what_is_set_gets_the_same_answer_and_the_mail_says_so(client, bar, postbox):
    answers = [client.post(page(bar), typed(), follow=True).content.decode()]
    letter = Letter.objects.get()
    carry_out(letter.pk)
    reminders.confirm(Reminder.objects.get(), at=timezone.now())
    Letter.objects.update(done_at=timezone.now() - A_DAY)
    answers.append(client.post(page(bar), typed(), follow=True).content.decode())
    assert all("We have written to ada@example.org." in answer for answer in answers)
    carry_out(letter.pk)
    assert "is set already" in postbox[1].body


def test_somebody_signed_in_whose_address_was_confirmed_needs_no_mail(client, bar):
    user = User.objects.create_user("ada", email="ada@example.org")
    EmailAddress.objects.create(user=user, email="ada@example.org", verified=True, primary=True)
    client.force_login(user)
    assert 'value="ada@example.org"' in client.get(page(bar)).content.decode()
    assert "We remind you" in client.post(page(bar), typed(), follow=True).content.decode()
    assert not Letter.objects.exists()


def test_an_account_does_not_vouch_for_another_address_nor_for_one_not_confirmed(client, bar):
    user = User.objects.create_user("ada", email="ada@example.org")
    EmailAddress.objects.create(user=user, email="ada@example.org", verified=False, primary=True)
    client.force_login(user)
    client.post(page(bar), typed())
    client.post(page(bar), typed(email="bea@example.org"))
    assert list(Reminder.objects.exclude(confirmed_at=None)) == []


def test_an_order_leads_to_it_and_knows_the_address_in_the_browser_that_ordered(buyer, bar, till):
    order, _page = buyer.order_of(bar.digest)
    Order.objects.filter(pk=order.pk).update(email="ordered@example.org")
    assert page(bar) in buyer.client.get(f"/orders/{order.token}/").content.decode()
    assert 'value="ordered@example.org"' in buyer.client.get(page(bar)).content.decode()
    assert "ordered@example.org" not in Client().get(page(bar)).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"on": ""}, "Choose the day."),
        ({"on": "24.12.26x"}, "Write the day like 2026-12-24."),
        ({"on": "2020-01-01"}, "Choose a day from "),
        ({"on": "9999-01-01"}, "Choose a day from "),
        ({"on": "0001-01-01", "often": "yearly"}, "Choose a day of this or another year from 1900 on."),
        ({"often": ""}, "Choose once or every year."),
        ({"often": "daily"}, "Select a valid choice."),
        ({"email": "ada"}, "This is no e-mail address."),
        ({"email": ""}, "Write where the reminder goes to."),
        ({"occasion": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client, bar, changed, said):
    answer = client.post(page(bar), typed(**changed))
    shown = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in shown
    assert "occasion" in changed or 'value="Grandmother"' in shown
    assert not Reminder.objects.exists()


def test_a_bar_that_only_its_maker_sees_can_be_reminded_of_once_it_was_ordered(ada_bar):
    ada = Person("ada")
    creation = ada.designs(ada_bar, start=ada_bar.named("Before"))
    creation.visibility = "private"
    creation.save()
    row = DesignRow.objects.get(digest=ada_bar.digest)
    assert "Only you can see this bar" in ada.client.get(page(row)).content.decode()
    assert Client().get(page(row)).status_code == 404


def test_one_address_is_not_written_to_again_and_again(bar):
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{number}")
        .post(page(bar), typed(occasion=str(number), on=day))
        .status_code
        for number, day in enumerate(
            (timezone.localdate() + timedelta(days=60 + n)).isoformat() for n in range(6)
        )
    ]
    assert answers == [303] * 5 + [422]
    assert Letter.objects.count() == 5


def test_one_visitor_cannot_ask_for_everybody(client, bar):
    answers = [client.post(page(bar), typed(email=f"{n}@example.org")).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


# ── Ended, forgotten ─────────────────────────────────────────────────────────────────────────────


def test_one_press_ends_it_without_a_cookie_and_looking_does_not(bar):
    reminder = reminder_of(bar)
    address = f"/reminders/{reminder.token}/end/"
    program = Client(enforce_csrf_checks=True)
    assert "End this reminder?" in program.get(address).content.decode()
    assert Reminder.objects.get().ended_at is None
    for _time in range(2):
        answer = program.post(address, {"List-Unsubscribe": "One-Click"})
        assert "Done: this reminder is over." in answer.content.decode()
    assert reminders.remind(TWO_WEEKS_BEFORE) == 0


def test_what_is_ended_while_its_mail_waits_is_not_sent(bar, postbox):
    reminder = reminder_of(bar)
    reminders.remind(TWO_WEEKS_BEFORE)
    reminders.end(reminder, at=TWO_WEEKS_BEFORE)
    Letter.objects.update(try_at=timezone.now() - A_DAY)
    carry_out(the_reminding().pk)
    assert (postbox, list(Letter.objects.all())) == ([], [])


def test_nothing_is_ever_bought_by_it(bar):
    reminder_of(bar)
    reminders.remind(TWO_WEEKS_BEFORE)
    assert (Order.objects.count(), CartLine.objects.count()) == (0, 0)


def test_addresses_are_forgotten_that_nobody_confirmed_or_that_were_told_long_ago(bar):
    reminders.ask(bar, wish(date(2027, 6, 1)), is_theirs=False, at=NOON)
    reminder_of(bar)
    yearly = reminder_of(bar, wish(yearly=True))
    reminders.remind(TWO_WEEKS_BEFORE)

    assert reminders.forget(NOON + 14 * A_DAY) == 0
    assert reminders.forget(NOON + 15 * A_DAY) == 1
    assert reminders.forget(datetime(2027, 3, 1, tzinfo=UTC)) == 0
    assert reminders.forget(datetime(2027, 3, 26, tzinfo=UTC)) == 1
    assert list(Reminder.objects.all()) == [yearly]


def test_a_link_of_what_was_forgotten_says_so(client, catalogue):
    answer = client.get("/reminders/gone/")
    assert answer.status_code == 404
    assert "This reminder is not there any more" in answer.content.decode()
    assert client.post("/reminders/gone/end/").status_code == 404


# ── The office ───────────────────────────────────────────────────────────────────────────────────


def staff(group: str) -> Client:
    ensure_groups()
    user = User.objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def test_support_finds_a_reminder_by_its_address_sees_its_mails_and_ends_it(bar):
    reminder = reminder_of(bar)
    reminders.remind(TWO_WEEKS_BEFORE)
    Reminder.objects.update(next_on=date(2027, 12, 24))
    client = staff("support")
    assert "ada@example.org" in client.get("/admin/orders/reminder/?q=ada%40").content.decode()
    address = f"/admin/orders/reminder/{reminder.pk}/change/"
    shown = client.get(address).content.decode()
    assert "Mail that reminds of a day 24 December 2026" in shown
    assert reminder.token not in shown
    assert client.post(f"/admin/orders/reminder/{reminder.pk}/end/").status_code == 302
    assert Reminder.objects.get().ended_at
    assert "It is over." in client.get(address).content.decode()


def test_the_list_costs_the_same_whatever_it_holds(bar, django_assert_num_queries):
    client, counts = staff("support"), []
    for days in ((1,), (2, 3)):
        for day in days:
            reminder_of(bar, wish(CHRISTMAS + day * A_DAY))
        with django_assert_num_queries(6):
            counts.append(client.get("/admin/orders/reminder/").content.decode().count("ada@example.org"))
    assert counts == [1, 3]
