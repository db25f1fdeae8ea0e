import re

import pytest

from tests.sandbox.till import BAR, Reply, Till, call

GOOD = {"email": "ada@example.com", "card": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}


def press_pay(till: Till, url: str, **typed: str) -> Reply:
    return call("POST", url, {**GOOD, **typed})


def page_of(till: Till, **changes: object) -> str:
    return str(till.open_session(**changes).url)


def test_the_page_shows_what_is_paid_for_and_that_it_is_no_real_shop(till: Till) -> None:
    page = call("GET", page_of(till))
    assert "TEST SANDBOX - not Stripe, no money moves" in page.body
    assert "Ada&#x27;s bar" in page.body
    assert "2 × €9.99" in page.body
    assert "Pay €19.98" in page.body


def test_no_script_runs_and_the_form_may_lead_back_to_the_shop(till: Till) -> None:
    page = call("GET", page_of(till))
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:9; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert not re.search(r"<script|style=|<style", page.body)
    assert call("GET", f"{till.address}/c/page.css").headers["Content-Type"] == "text/css"


def test_names_are_never_markup(till: Till) -> None:
    bar = {**BAR, "product_data": {"name": "<script>alert(1)</script>"}}
    page = call("GET", page_of(till, line_items=[{"quantity": 1, "price_data": bar}]))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.body


@pytest.mark.parametrize(
    ("currency", "amount", "words"),
    [("jpy", 1200, "¥1,200"), ("bhd", 1500, "1.500 BHD"), ("usd", 123456, "$1,234.56")],
)
def test_amounts_are_written_as_their_currency_wants(
    till: Till, currency: str, amount: int, words: str
) -> None:
    price = {**BAR, "currency": currency, "unit_amount": amount}
    assert (
        f"Pay {words}" in call("GET", page_of(till, line_items=[{"quantity": 1, "price_data": price}])).body
    )


def test_paying_leads_back_to_the_shop(till: Till) -> None:
    session = till.open_session()
    reply = press_pay(till, str(session.url))
    assert (reply.http, reply.headers["Location"]) == (303, f"http://127.0.0.1:9/return?session={session.id}")
    paid = till.session(session.id)
    assert paid.payment_status == "paid"
    assert paid.customer_details
    assert paid.customer_details.email == "ada@example.com"


def test_a_decline_is_said_on_the_page_and_the_form_is_kept(till: Till) -> None:
    url = page_of(till)
    declined = press_pay(till, url, card="4000000000000002", name="Ada L.")
    assert declined.http == 200
    assert "Your card was declined." in declined.body
    assert 'value="4000000000000002"' in declined.body
    assert 'value="Ada L."' in declined.body
    assert press_pay(till, url).http == 303


def test_3d_secure_has_a_page_of_its_own(till: Till) -> None:
    session = till.open_session()
    asked = press_pay(till, str(session.url), card="4000002760003184")
    assert (asked.http, asked.headers["Location"]) == (303, f"/c/3ds/{session.id}")
    question = till.address + asked.headers["Location"]
    assert "Complete authentication" in call("GET", question).body
    failed = call("POST", question, {"ok": "0"})
    assert "We are unable to authenticate your payment method." in failed.body
    assert f'action="/c/pay/{session.id}"' in failed.body
    assert call("POST", question, {"ok": "1"}).headers["Location"].endswith(session.id)
    assert till.session(session.id).payment_status == "paid"


def test_a_number_that_is_no_test_card_is_refused_and_not_kept(till: Till) -> None:
    url = page_of(till)
    refused = press_pay(till, url, card="5555 5555 5555 4444")
    assert refused.http == 200
    assert "Never type a real card number here." in refused.body
    assert till.look("")["events"] == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"expiry": "13/34"}, "Enter month and year"),
        ({"expiry": "01/20"}, "This card has expired"),
        ({"cvc": "12"}, "Enter three digits."),
    ],
)
def test_a_slip_of_the_pen_is_named(till: Till, typed: dict[str, str], words: str) -> None:
    refused = press_pay(till, page_of(till), **typed)
    assert (refused.http, words in refused.body) == (200, True)


def test_without_an_address_from_the_shop_the_customer_gives_one(till: Till) -> None:
    url = page_of(till, customer_email="")
    assert "Enter your email address" in press_pay(till, url, email="ada").body
    assert press_pay(till, url).http == 303


def test_a_closed_session_says_so_and_leads_back(till: Till) -> None:
    paid = till.open_session()
    till.pay(paid)
    assert "This payment is complete" in call("GET", str(paid.url)).body
    expired = till.open_session()
    till.client.v1.checkout.sessions.expire(expired.id)
    page = press_pay(till, str(expired.url))
    assert "This payment page has expired" in page.body
    assert 'href="http://127.0.0.1:9/cart"' in page.body


def test_an_unknown_page_is_a_404_in_words(till: Till) -> None:
    page = call("GET", f"{till.address}/c/pay/cs_test_nowhere")
    assert (page.http, "This payment page does not exist" in page.body) == (404, True)


def test_the_front_page_tells_what_happened(till: Till) -> None:
    assert "No payment yet." in call("GET", f"{till.address}/").body
    session = till.open_session()
    assert f'<a href="{session.url}">Pay €19.98</a>' in call("GET", f"{till.address}/").body
    till.pay(session, wait="true")
    till.quiet()
    page = call("GET", f"{till.address}/").body
    assert "<td>€19.98</td><td>paid</td>" in page
    assert "<td>checkout.session.completed</td><td>delivered (200)</td>" in page


def test_there_is_nothing_elsewhere(till: Till) -> None:
    assert call("GET", f"{till.address}/elsewhere").http == 404
    assert call("GET", f"{till.address}/c/../sandbox/pages/pay.html").http == 404
