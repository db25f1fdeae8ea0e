"""The API of orders and jobs: for programs with a token, and only as far as it reaches."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator

from orders import tokens
from orders.models import ApiToken, Job, JobEvent
from orders.models.token import Scope
from orders.production import labels
from orders.production.steps import WAY
from tests.orders.paid import (
    bring_to,
    design,
    jobs_of,
    only_job,
    operator,
    paid_order,
    placed_order,
    running,
)

pytestmark = pytest.mark.usefixtures("catalogue")

ALL = tuple(Scope)


@pytest.fixture
def bea(catalogue: None) -> User:
    return operator("bea", "view_order", "view_job", "change_job")


def headers(owner: User, *scopes: Scope, **options: Any) -> dict[str, str]:
    _token, secret = tokens.create("test", owner=owner, scopes=scopes or ALL, **options)
    return {"Authorization": f"Bearer {secret}"}


Call = Callable[..., Any]


@pytest.fixture
def call(client: Client, bea: User) -> Call:
    key = headers(bea)

    def send(method: str, address: str, body: Any = None) -> Any:
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1/{address}", headers=key, **content)

    return send


def problem(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    return body["status"], body["detail"]


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────

DOORS = [
    ("get", "orders/", Scope.ORDERS_READ),
    ("get", "orders/{order}/", Scope.ORDERS_READ),
    ("get", "jobs/", Scope.JOBS_READ),
    ("get", "jobs/{job}/", Scope.JOBS_READ),
    ("post", "jobs/{job}/steps/", Scope.JOBS_WRITE),
    ("post", "jobs/{job}/scraps/", Scope.JOBS_WRITE),
]


@pytest.mark.parametrize(("method", "address", "needed"), DOORS)
def test_each_door_opens_to_its_scope_alone(
    client: Client, bea: User, method: str, address: str, needed: Scope
) -> None:
    job = only_job(paid_order())
    address = "/api/v1/" + address.format(job=job.code, order=job.order_line.order.number)
    knock = getattr(client, method)
    for scope in Scope:
        status = knock(address, headers=headers(bea, scope)).status_code
        assert (status == 403) is (scope != needed)
        assert status < 500
    stranger = knock(address)
    assert (stranger.status_code, stranger["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert problem(stranger) == (401, "Authentication credentials were not provided.")


@pytest.mark.parametrize(("method", "address", "needed"), DOORS)
def test_a_token_never_may_more_than_its_owner(
    client: Client, method: str, address: str, needed: Scope
) -> None:
    job = only_job(paid_order())
    address = "/api/v1/" + address.format(job=job.code, order=job.order_line.order.number)
    nobody = User.objects.create_user("nobody", is_staff=True)
    answer = getattr(client, method)(address, headers=headers(nobody))
    assert problem(answer) == (
        403,
        f"This needs a token with the scope “{needed}”, owned by somebody who may do it.",
    )


def test_only_good_tokens_are_known(client: Client, bea: User) -> None:
    now = timezone.now()
    expired = headers(bea, expires_at=now - timedelta(seconds=1))
    lasting = headers(bea, expires_at=now + timedelta(hours=1))
    revoked = headers(bea)
    ApiToken.objects.latest("pk").revoke(now)
    words = (401, "This token is unknown, expired or revoked. Ask for a new one.")
    wrong = {"Authorization": "Bearer cvt_of-my-own-making"}
    for key in (expired, revoked, wrong, {"Authorization": "Bearer"}, {"Authorization": "Bearer \x00"}):
        assert problem(client.get("/api/v1/orders/", headers=key)) == words
    assert client.get("/api/v1/orders/", headers=lasting).status_code == 200
    User.objects.filter(pk=bea.pk).update(is_staff=False)
    assert problem(client.get("/api/v1/orders/", headers=lasting)) == words


def test_a_signed_in_browser_is_not_a_token(client: Client, bea: User) -> None:
    client.force_login(bea)
    assert client.get("/api/v1/orders/").status_code == 401
    assert client.get("/api/v1/orders/", headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_the_secret_is_shown_once_and_never_kept(bea: User, client: Client) -> None:
    out = StringIO()
    call_command("create_token", "bea", "orders:read", "--name", "Books", stdout=out, stderr=StringIO())
    secret = out.getvalue().strip()
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.last_used_at) == ("Books", ["orders:read"], None)
    assert secret not in str(list(ApiToken.objects.values()))
    key = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/orders/", headers=key).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at is not None
    with pytest.raises(CommandError, match="no active member of staff named eve"):
        call_command("create_token", "eve", "orders:read")


def test_the_office_makes_tokens_in_its_own_name_and_revokes_them(client: Client) -> None:
    ann = operator("ann", "view_order", "add_apitoken", "view_apitoken")
    client.force_login(ann)
    form = {"name": "Books", "scopes": ["orders:read"], "owner": "1"}
    page = client.post("/admin/orders/apitoken/add/", form)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    (secret,) = re.findall(r"<code>(cvt_[\w-]+)</code>", page.content.decode())
    token = ApiToken.objects.get()
    assert (token.owner, token.scopes) == (ann, ["orders:read"])
    key = {"Authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/orders/", headers=key).status_code == 200
    listed = client.get("/admin/orders/apitoken/")
    assert secret not in listed.content.decode()
    assert token.shown in listed.content.decode()
    client.post("/admin/orders/apitoken/", {"action": "revoke", "_selected_action": [token.pk]})
    assert Client().get("/api/v1/orders/", headers=key).status_code == 401
    assert client.post(f"/admin/orders/apitoken/{token.pk}/change/", form).status_code == 403
    assert client.post(f"/admin/orders/apitoken/{token.pk}/delete/", {"post": "yes"}).status_code == 403


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────


def test_an_order_tells_what_was_promised(call: Call) -> None:
    order = paid_order((design(), 2))
    answer = call("get", f"orders/{order.number}/").json()
    assert answer["payment_state"] == "paid"
    assert answer["total_cents"] == answer["goods_cents"] + answer["shipping_cents"] == order.total_cents
    assert answer["ship_to"] == {
        "name": "Ada Lovelace",
        "street": "Kirchgasse 7",
        "extra": "",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
    }
    (line,) = answer["lines"]
    assert (line["name"], line["quantity"], line["allergens"]) == ("Ada", 2, ["NUT-ALM"])
    assert line["recipe"][:2] == [
        {"module": "dark_60", "slot": "base", "grams": "85.5"},
        {"module": "almond_whole", "slot": "toppings", "grams": "12"},
    ]
    assert line["jobs"] == [{"code": job.code, "job_state": "queued"} for job in jobs_of(order)]
    assert order.token not in str(answer)


def test_orders_are_listed_newest_first_and_filtered(call: Call) -> None:
    older, newer = paid_order(), placed_order((design("Bob"), 1))
    assert {order["number"] for order in call("get", "orders/").json()["results"]} == {
        older.number,
        newer.number,
    }
    paid = call("get", "orders/?payment_state=paid").json()
    assert [order["number"] for order in paid["results"]] == [older.number]
    wrong = call("get", "orders/?state=paid")
    assert wrong.json()["errors"] == [
        {"pointer": "/state", "detail": "There is no such field. There are: payment_state, country."}
    ]
    assert problem(call("get", "orders/C-NOTHING1/")) == (404, "There is no order “C-NOTHING1”.")


@pytest.mark.parametrize("address", ["orders/", "jobs/"])
def test_a_list_costs_the_same_queries_however_long(call: Call, address: str) -> None:
    counted = []
    for more in (1, 2):
        for number in range(more):
            paid_order((design(f"{more} {number}"), 1), (design("Bob", "milk_37"), 1))
        call("get", address)
        with CaptureQueriesContext(connection) as queries:
            call("get", address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────


PLACES = {
    "kitted": "KIT-O",
    "moulded": "T-O",
    "topped": "TOP-O",
    "cooling": "COOL-O",
    "demoulded": "COOL-O",
    "checked": "CHECK-O",
    "wrapped": "WRAP-O",
    "packed": "PACK",
    "shipped": "SHIP",
}


def test_a_job_goes_its_way_by_api(call: Call, bea: User) -> None:
    job = only_job(paid_order())
    way = [str(state) for state in WAY[1:]]
    running(job, bea)
    for state in way:
        answer = call("get", f"jobs/{job.code}/").json()
        assert answer["next_step"] == state
        more: dict[str, Any] = {"weight_mg": 101_500} if state == "checked" else {}
        if state == "wrapped":
            more = {"label_scan": labels.print_label(job, by=bea, at=timezone.now()).code}
        moved = call("post", f"jobs/{job.code}/steps/", {"to": state, "equipment": PLACES[state], **more})
        assert (moved.status_code, moved.json()["job_state"]) == (201, state)
    last = call("get", f"jobs/{job.code}/").json()
    assert last["next_step"] is None
    assert [(event["to_state"], event["by"]) for event in last["events"]] == [
        ("queued", None),
        *[(state, "bea") for state in way],
    ]
    assert [(event["equipment"], event["weight_mg"]) for event in last["events"]] == [
        (None, None),
        *[(PLACES[state], 101_500 if state == "checked" else None) for state in way],
    ]


def test_a_message_of_a_station_counts_once(call: Call) -> None:
    job = only_job(paid_order())
    message = {"to": "kitted", "key": "0b0d9a4e-6c2a-4d0f-9d5c-0f4c1b1a7c11"}
    first, second = (call("post", f"jobs/{job.code}/steps/", message) for _again in range(2))
    assert (first.status_code, second.status_code) == (201, 200)


def test_a_repeated_step_changes_nothing(call: Call) -> None:
    job = only_job(paid_order())
    first, second = (call("post", f"jobs/{job.code}/steps/", {"to": "kitted"}) for _again in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert JobEvent.objects.filter(job=job, to_state="kitted").count() == 1


def test_an_impossible_step_is_refused_in_the_floors_words(call: Call) -> None:
    job = only_job(paid_order())
    assert problem(call("post", f"jobs/{job.code}/steps/", {"to": "wrapped"})) == (
        409,
        "This bar is queued. Its next step is: kitted.",
    )
    wrong: list[Any] = [{}, {"to": "queued"}, {"to": "scrapped"}, {"to": None}, {"too": "kitted"}, []]
    for body in wrong:
        assert call("post", f"jobs/{job.code}/steps/", body).status_code == 400
    job.refresh_from_db()
    assert job.job_state == "queued"


def test_a_scrapped_bar_is_made_again(call: Call, bea: User) -> None:
    job = only_job(paid_order())
    assert problem(call("post", f"jobs/{job.code}/scraps/", {"reason": "cracked"}))[0] == 409
    bring_to(job, "moulded", bea)
    scrapped = call("post", f"jobs/{job.code}/scraps/", {"reason": "cracked"})
    remake = scrapped.json()
    assert (scrapped.status_code, remake["job_state"], remake["remake_of"]) == (201, "queued", job.code)
    again = call("post", f"jobs/{job.code}/scraps/", {"reason": "cracked"})
    assert (again.status_code, again.json()["code"]) == (200, remake["code"])
    old = call("get", f"jobs/{job.code}/").json()
    assert (old["job_state"], old["scrap_reason"], old["scrap_station"]) == ("scrapped", "cracked", "moulded")


def test_jobs_are_filtered(call: Call, bea: User) -> None:
    first, second = (only_job(paid_order((design(name), 1))) for name in ("Ada", "Bob"))
    bring_to(first, "kitted", bea)

    def found(query: str) -> list[str]:
        return [job["code"] for job in call("get", f"jobs/?{query}").json()["results"]]

    assert found("job_state=kitted") == [first.code]
    assert found(f"order={second.order_line.order.number}") == [second.code]
    assert found("due_until=2020-01-01") == []
    assert found("due_until=2099-01-01&page_size=1") == [first.code]
    assert call("get", "jobs/?due_until=soon").json()["errors"][0]["pointer"] == "/due_until"


def test_a_code_is_read_as_it_was_typed(call: Call) -> None:
    job = only_job(paid_order())
    typed = job.code.replace("-", "").lower()
    assert call("get", f"jobs/{typed}/").json()["code"] == job.code
    assert problem(call("get", "jobs/XXXX/")) == (
        404,
        "No ticket has the code “XXXX”. Compare it with the ticket once more.",
    )


def test_answers_are_as_the_schema_says(call: Call, client: Client) -> None:
    schema = client.get("/api/schema/?format=json").json()
    order = paid_order()
    job: Job = only_job(order)
    for name, answer in [
        ("Order", call("get", f"orders/{order.number}/").json()),
        ("PaginatedOrderList", call("get", "orders/").json()),
        ("Job", call("get", f"jobs/{job.code}/").json()),
        ("PaginatedJobList", call("get", "jobs/").json()),
    ]:
        described = {"$ref": f"#/components/schemas/{name}", "components": schema["components"]}
        assert [error.message for error in Draft202012Validator(described).iter_errors(answer)] == []
    for address in ("/api/v1/orders/", "/api/v1/jobs/"):
        assert schema["paths"][address]["get"]["security"] == [{"token": []}]


@pytest.mark.parametrize("days", ["0", "-1"])
def test_a_token_for_no_days_is_refused(days: str, db: None) -> None:
    User.objects.create_user("ada", is_staff=True)
    with pytest.raises(CommandError, match="--days must be 1 or more"):
        call_command("create_token", "ada", "orders:read", "--days", days)
