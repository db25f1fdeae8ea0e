"""A bar that did not arrive as it should is made again or paid back, and the customer reads what was decided."""

from html import unescape
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from orders import emails
from orders.after import claims
from orders.after.claims import ClaimRefused, DecidedMeanwhile, Told
from orders.models import Claim, Job, Letter, Order, Payment, Refund
from orders.production.progress import progress
from orders.production.queue import queue
from tests.orders.paid import bring_to, design, jobs_of, operator, paid_order
from tests.orders.safeguards import without
from tests.orders.threads import in_threads

TOLD = {"kind": "broken", "words": "It is in four pieces."}


@pytest.fixture
def bea(catalogue: None) -> User:
    return operator("bea")


@pytest.fixture
def sue(catalogue: None) -> User:
    return operator("sue", "view_claim", "change_claim", "add_refund", "view_order")


@pytest.fixture
def order(bea: User) -> Order:
    """Two bars, paid and sent."""
    return sent(bea)


def sent(bea: User) -> Order:
    now = timezone.now()
    order = paid_order((design(), 2), at=now)
    Payment.objects.create(
        order=order, attempt=1, state="paid", accepted=True, amount_cents=order.total_cents,
        captured_cents=order.total_cents, currency="EUR", livemode=False, request={}, created_at=now, look_at=now,
    )  # fmt: skip
    first, second = jobs_of(order)
    for job in (first, second):
        bring_to(job, "wrapped", bea, at=now)
    for job in (first, second):
        bring_to(job, "packed", bea, at=now)
    bring_to(first, "shipped", bea, at=now)
    return order


def photo(name: str = "broken.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (800, 600), "brown").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def tells(client: Client, order: Order, **typed: object) -> str:
    form = {"bar": jobs_of(order)[0].pk, **TOLD, "photos": [photo()], **typed}
    return unescape(client.post(f"/orders/{order.token}/claims/", form, follow=True).content.decode())


def claim_of(order: Order, place: int = 0) -> Claim:
    told = Told(jobs_of(order)[place].pk, "broken", "In pieces", [photo().read()])
    return claims.open_claim(order, told, at=timezone.now())


def office(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def decides(user: User, claim: Claim, **typed: object) -> str:
    address = f"/admin/orders/claim/{claim.pk}/decision/"
    return unescape(office(user).post(address, typed, follow=True).content.decode())


# ── Told ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_claim_is_told_with_a_photo_that_only_staff_see(client, order, sue):
    page = tells(client, order)
    assert "Thank you for telling us." in page
    assert "With us: we look at it and write to you." in page
    claim = Claim.objects.get()
    assert (claim.kind, claim.words, claim.photos.count()) == ("broken", "It is in four pieces.", 1)
    address = f"/admin/orders/claim/photos/{claim.photos.get().pk}/"
    assert office(sue).get(address)["Content-Type"] == "image/jpeg"
    assert office(operator("lou", "view_order")).get(address).status_code == 403
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"photos": []}, "Add one to three photos"),
        ({"photos": [photo() for _one in range(4)]}, "Add one to three photos"),
        (
            {"photos": [SimpleUploadedFile("a.jpg", b"no picture")]},
            "This file is no JPEG, PNG or WebP picture.",
        ),
        ({"words": ""}, "Tell us in a few words what is wrong."),
        ({"kind": "withdrawal"}, "field__error"),
        ({"bar": 10**9}, "field__error"),
    ],
)
def test_what_is_missing_is_told(client, order, typed, told):
    assert told in tells(client, order, **typed)
    assert Claim.objects.count() == 0


def test_a_bar_that_has_not_left_yet_is_no_claim(client, bea):
    waiting = paid_order((design(), 1), at=timezone.now())
    assert "There is no bar of this order that you could tell us about here." in tells(client, waiting)
    assert f"/orders/{waiting.token}/claims/" not in client.get(f"/orders/{waiting.token}/").content.decode()


def test_a_bar_is_claimed_once_at_a_time(order):
    claim_of(order)
    with pytest.raises(ClaimRefused):
        claim_of(order)
    assert claim_of(order, 1).pk


def test_nobody_claims_another_order_s_bar(client, order, bea):
    other = sent(bea)
    tells(client, order, bar=jobs_of(other)[0].pk)
    assert Claim.objects.count() == 0


# ── Made again ───────────────────────────────────────────────────────────────────────────────────


def test_whoever_complains_has_a_receipt_of_it_at_once(order):
    job = jobs_of(order)[0]
    claims.open_claim(order, Told(job.pk, "broken", TOLD["words"], ()), at=timezone.now())
    (letter,) = Letter.objects.filter(kind="message")
    said = str(emails.mail(letter).body)
    assert "We have received what you told us about Ada" in said
    assert "It is in four pieces." in said


def test_a_remake_goes_first_in_a_parcel_of_its_own_and_costs_nothing(client, order, sue, bea):
    later = paid_order((design("Later"), 1), at=timezone.now())
    page = decides(sue, claim_of(order), decision="remake", words="So sorry!")
    assert "Decided. The customer is told by mail." in page
    job = Job.objects.get(remake_of=jobs_of(order)[0])
    assert (job.job_state, job.order_line.design_id) == ("queued", jobs_of(order)[0].order_line.design_id)
    assert queue(state="queued", due="", base="", text="", today=timezone.localdate())[0] == job
    assert job.due_on <= jobs_of(later)[0].due_on
    assert (job.shipment.place, job.shipment.shipping_cents, job.shipment.city) == (2, 0, "Berlin")
    assert Refund.objects.count() == 0
    bring_to(job, "shipped", bea, at=timezone.now())
    assert Letter.objects.filter(kind="shipped", shipment=job.shipment).count() == 1
    assert [bar.state for bar in progress(order)] == ["shipped", "shipped"]
    written = emails.mail(Letter.objects.filter(kind="message").latest("pk"))
    assert "making it once more. It costs you nothing." in written.body
    assert "So sorry!" in written.body
    assert "We are making it once more, at no cost." in client.get(f"/orders/{order.token}/").content.decode()


def test_the_remake_itself_can_be_claimed(order, sue, bea):
    claims.remake(claim_of(order), "", by=sue, at=timezone.now())
    remade = Job.objects.get(remake_of__isnull=False)
    bring_to(remade, "shipped", bea, at=timezone.now())
    again = claims.bars(order, at=timezone.now())
    assert [job.pk for job in again] == [remade.pk, jobs_of(order)[1].pk]


# ── Money back, or not ───────────────────────────────────────────────────────────────────────────


def test_money_goes_back_for_the_bar_through_the_refunds_that_are_there(order, sue):
    claim = claim_of(order)
    line = order.lines.get()
    assert claims.worth(claim) == line.total_cents // 2
    decides(sue, claim, decision="refund", amount="3.25", words="")
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.reason, refund.by) == (325, "damaged", sue)
    assert [(share.part, share.cents) for share in refund.lines.all()] == [(f"line-{line.pk}", 325)]
    claim.refresh_from_db()
    assert (claim.state, claim.refund) == ("refunded", refund)


def test_more_than_was_paid_is_refused_and_what_was_typed_stays(order, sue):
    claim = claim_of(order)
    page = decides(sue, claim, decision="refund", amount="999.00", words="Sorry")
    assert "That is more than what is left of the payment." in page
    assert "Sorry" in page
    claim.refresh_from_db()
    assert claim.is_open


def test_a_no_needs_words(client, order, sue):
    claim = claim_of(order)
    assert "Say why, so that the customer understands it." in decides(
        sue, claim, decision="decline", words=""
    )
    decides(sue, claim, decision="decline", words="The photo shows another bar.")
    assert "The photo shows another bar." in client.get(f"/orders/{order.token}/").content.decode()


def test_who_may_give_no_money_back_has_no_such_button(order):
    lou = operator("lou", "view_claim", "change_claim")
    claim = claim_of(order)
    assert (
        'value="refund"' not in office(lou).get(f"/admin/orders/claim/{claim.pk}/decision/").content.decode()
    )
    decides(lou, claim, decision="refund", amount="1.00")
    assert Refund.objects.count() == 0


def test_who_may_only_look_decides_nothing(order):
    looker = operator("lou", "view_claim")
    address = f"/admin/orders/claim/{claim_of(order).pk}/decision/"
    assert office(looker).get(address).status_code == 403
    assert office(looker).post(address, {"decision": "decline", "words": "x"}).status_code == 403


def no_lock_of_the_claim(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "_locked", lambda claim: claim)


@without(no_lock_of_the_claim)
@pytest.mark.both_databases
def test_two_of_the_office_at_once_decide_once(transactional_db, order, sue):
    claim = claim_of(order)

    def one(_number: int) -> bool:
        try:
            claims.decline(claim, "No", by=sue, at=timezone.now())
        except DecidedMeanwhile:
            return False
        return True

    assert sorted(in_threads(4, one)) == [False] * 3 + [True]
