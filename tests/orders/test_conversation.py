"""A question about an order is asked and answered on its page; nobody's question is forgotten."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import conversation, emails
from orders.conversation import AnsweredMeanwhile, TooManyQuestions
from orders.models import Letter, Message, Order
from orders.office.attention import attention
from tests.orders.paid import design, operator, paid_order

pytestmark = pytest.mark.usefixtures("catalogue")
WAITS = "Questions to answer"


@pytest.fixture
def order(catalogue: None) -> Order:
    return paid_order((design(), 1), at=timezone.now())


@pytest.fixture
def sue(catalogue: None) -> User:
    return operator("sue", "view_message", "change_message", "view_order")


def office(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asks(client: Client, order: Order, words: str) -> str:
    answer = client.post(f"/orders/{order.token}/questions/", {"words": words}, follow=True)
    return unescape(answer.content.decode())


def waiting(user: User) -> list[int]:
    return [count for words, count, _address in attention(user) if str(words) == WAITS]


def test_a_question_stands_on_the_page_and_waits_in_the_office(client, order, sue):
    page = asks(client, order, "Can you write <b>Otto</b> on the card?")
    assert "Your question is with us." in page
    assert "Can you write <b>Otto</b> on the card?" in page
    assert "<b>Otto</b>" not in client.get(f"/orders/{order.token}/").content.decode()
    assert waiting(sue) == [1]


def test_the_answer_goes_by_mail_and_stands_on_the_page(client, order, sue):
    asks(client, order, "When will it be there?")
    question = Message.objects.get()
    form = {"words": "On Friday.\nGreetings", "last_seen": question.pk}
    answered = office(sue).post(f"/admin/orders/message/{question.pk}/answer/", form, follow=True)
    assert "Answered. It goes to ada@example.org by mail." in answered.content.decode()
    assert "On Friday.<br>Greetings" in client.get(f"/orders/{order.token}/").content.decode()
    assert waiting(sue) == []
    written = emails.mail(Letter.objects.get(kind="message"))
    assert written.to == ["ada@example.org"]
    assert written.subject == f"About your order {order.number} at Couverture"
    assert "On Friday.\nGreetings" in written.body
    assert f"/orders/{order.token}/" in written.body
    assert mail.outbox == []


def test_whoever_writes_an_answer_reads_first_what_came_in_meanwhile(client, order, sue):
    asks(client, order, "First")
    seen = Message.objects.get()
    asks(client, order, "Second")
    with pytest.raises(AnsweredMeanwhile):
        conversation.answer(order, "Yes", last_seen=seen.pk, by=sue, at=timezone.now())
    form = {"words": "To the first", "last_seen": seen.pk}
    page = unescape(office(sue).post(f"/admin/orders/message/{seen.pk}/answer/", form).content.decode())
    assert "More has been written meanwhile." in page
    assert "To the first" in page
    assert Message.objects.filter(by_customer=False).count() == 0


def test_the_same_question_twice_is_one(client, order):
    for _press in range(2):
        asks(client, order, "Hello?")
    assert Message.objects.count() == 1


def test_so_many_questions_are_enough(order):
    for number in range(conversation.MOST_OPEN):
        conversation.ask(order, f"{number}", at=timezone.now())
    with pytest.raises(TooManyQuestions):
        conversation.ask(order, "one more", at=timezone.now() + timedelta(hours=1))


def test_nobody_floods_the_office(client, order):
    answers = [
        client.post(f"/orders/{order.token}/questions/", {"words": "x"}).status_code for _one in range(21)
    ]
    assert answers == [303] * 20 + [429]


@pytest.mark.parametrize(
    ("words", "told"), [("", "Write your question first."), ("x" * 2001, "That is too long")]
)
def test_what_cannot_be_sent_is_told_and_kept(client, order, words, told):
    answer = client.post(f"/orders/{order.token}/questions/", {"words": words})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert words in answer.content.decode()


def test_only_the_order_s_address_opens_its_thread(client, order):
    assert client.post("/orders/not-this-order/questions/", {"words": "x"}).status_code == 404
    assert client.get(f"/orders/{order.token}/questions/").status_code == 405


def test_who_may_only_look_answers_nobody(client, order):
    asks(client, order, "Hello?")
    looker = operator("lou", "view_message")
    address = f"/admin/orders/message/{Message.objects.get().pk}/answer/"
    assert office(looker).get(address).status_code == 403
    assert office(looker).post(address, {"words": "x", "last_seen": 10**6}).status_code == 403
    assert Client().post(address).status_code == 302


def test_the_office_s_list_costs_the_same_for_one_and_for_three(order, sue):
    staff, counts = office(sue), []
    for words in (["1"], ["2", "3"]):
        for each in words:
            conversation.ask(order, each, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            staff.get("/admin/orders/message/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
