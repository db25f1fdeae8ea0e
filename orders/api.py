"""The API of what we owe: orders and jobs, for programs with a token of the right scope."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from configurator.api.fields import StrictSerializer, TextField, asked
from configurator.domain.codes import CodeMistyped
from orders.api_answers import JobSerializer, OrderSerializer, job_answer, order_answer
from orders.models import Job, JobEvent, JobState, Order, OrderLine, PaymentState, Shipment, ShipmentLine
from orders.models.equipment import KEY_SIGNS
from orders.models.production import read_job_code
from orders.models.token import Scope
from orders.production import steps
from orders.production.gates import SCANNED_MAX, Told
from orders.production.refusals import StepRefused
from orders.tokens import BearerToken, HasScope


# ``scopes`` says for each method what the token must be good for.
class TokenView(GenericAPIView[Any]):
    authentication_classes = (BearerToken,)
    permission_classes = (HasScope,)
    http_method_names = ["get", "head", "post"]
    scopes: ClassVar[Mapping[str, Scope]] = {}


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────


class OrderFilter(StrictSerializer):
    payment_state = serializers.ChoiceField(choices=PaymentState.values, required=False)
    country = TextField(max_length=2, required=False, help_text="Where one of its parcels goes.")


ORDER_LOOKUPS = {"payment_state": "payment_state", "country": "shipments__country"}


class Orders(TokenView):
    """Newest first."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(operation_id="orders", parameters=[OrderFilter], responses=OrderSerializer(many=True))
    def get(self, request: Request) -> Response:
        wanted = OrderFilter(data=asked(request.query_params))
        wanted.is_valid(raise_exception=True)
        chosen = {ORDER_LOOKUPS[name]: value for name, value in wanted.validated_data.items()}
        page = self.paginate_queryset(_orders().filter(**chosen).distinct())
        return self.get_paginated_response([order_answer(order) for order in page or ()])


class OneOrder(TokenView):
    """By its number."""

    scopes = {"GET": Scope.ORDERS_READ}

    @extend_schema(operation_id="order", responses=OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        order = _orders().filter(number=number.upper()).first()
        if order is None:
            raise NotFound(_("There is no order “%s”.") % number)
        return Response(order_answer(order))


def _orders() -> QuerySet[Order]:
    jobs = Prefetch("jobs", Job.objects.order_by("index", "pk"))
    lines = Prefetch("lines", OrderLine.objects.select_related("box").prefetch_related(jobs))
    carried = Prefetch("lines", ShipmentLine.objects.select_related("order_line"))
    parcels = Prefetch("shipments", Shipment.objects.prefetch_related(carried))
    # What sells a gift card holds no bars and goes nowhere: it is none of a program that follows bars.
    of_bars = Order.objects.filter(sells_gift_card=False)
    return of_bars.prefetch_related(lines, "boxes", parcels).order_by("-placed_at", "-pk")


# ── Jobs ─────────────────────────────────────────────────────────────────────────────────────────


class JobFilter(StrictSerializer):
    job_state = serializers.ChoiceField(choices=JobState.values, required=False)
    due_until = serializers.DateField(required=False)
    order = TextField(max_length=10, required=False, help_text="An order's number.")


WEIGHT_MAX_MG = 10_000_000
LOOKUPS = {"job_state": "job_state", "due_until": "due_on__lte", "order": "order_line__order__number"}


class StepRequest(StrictSerializer):
    to = serializers.ChoiceField(
        choices=[state for state in steps.WAY if state != JobState.QUEUED], help_text="The next step."
    )
    equipment = TextField(
        max_length=KEY_SIGNS, required=False, help_text="Where: its code. Needed where several fit."
    )
    weight_mg = serializers.IntegerField(
        min_value=1, max_value=WEIGHT_MAX_MG, required=False, help_text="Of the bar; needed for `checked`."
    )
    label_scan = TextField(
        max_length=SCANNED_MAX,
        required=False,
        help_text="Scanned on the bar: its code, or the address in it. Needed for `wrapped`.",
    )
    key = serializers.UUIDField(
        required=False, help_text="Your own for this message: sent again, it changes nothing."
    )


class ScrapRequest(StrictSerializer):
    reason = TextField(max_length=steps.REASON_SIGNS, help_text="What went wrong.")


class Refused(APIException):
    """The floor's own words: why this step is impossible now, and what to do."""

    status_code = HTTPStatus.CONFLICT


class Jobs(TokenView):
    """What is due first comes first."""

    scopes = {"GET": Scope.JOBS_READ}

    @extend_schema(operation_id="jobs", parameters=[JobFilter], responses=JobSerializer(many=True))
    def get(self, request: Request) -> Response:
        wanted = JobFilter(data=asked(request.query_params))
        wanted.is_valid(raise_exception=True)
        chosen = {LOOKUPS[name]: value for name, value in wanted.validated_data.items()}
        page = self.paginate_queryset(_jobs().filter(**chosen))
        return self.get_paginated_response([job_answer(job) for job in page or ()])


class OneJob(TokenView):
    """By the code on its ticket, as it was typed."""

    scopes = {"GET": Scope.JOBS_READ}

    @extend_schema(operation_id="job", responses=JobSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(job_answer(_found(code)))


class Steps(TokenView):
    scopes = {"POST": Scope.JOBS_WRITE}

    @extend_schema(
        operation_id="take_step", request=StepRequest, responses={200: JobSerializer, 201: JobSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """The job enters its next state; taking the same step twice changes nothing."""
        job, wanted = _found(code), StepRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            moved = steps.advance(
                job, wanted.validated_data["to"], by=_person(request), at=timezone.now(), told=_told(wanted)
            )
        except StepRefused as refusal:
            raise Refused(refusal.words) from refusal
        return Response(job_answer(_found(code)), status=_made(first_time=moved))


class Scraps(TokenView):
    scopes = {"POST": Scope.JOBS_WRITE}

    @extend_schema(
        operation_id="scrap", request=ScrapRequest, responses={200: JobSerializer, 201: JobSerializer}
    )
    def post(self, request: Request, code: str) -> Response:
        """The bar failed. The answer is its remake, a new job with a ticket of its own."""
        job, wanted = _found(code), ScrapRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        reason = wanted.validated_data["reason"]
        try:
            scrap = steps.scrap(job, reason, by=_person(request), at=timezone.now())
        except StepRefused as refusal:
            raise Refused(refusal.words) from refusal
        return Response(job_answer(_found(scrap.remake.code)), status=_made(first_time=scrap.first_time))


def _told(wanted: StepRequest) -> Told:
    told = wanted.validated_data
    return Told(
        told.get("equipment", ""),
        told.get("weight_mg"),
        label=told.get("label_scan", ""),
        key=told.get("key"),
    )


def _made(*, first_time: bool) -> int:
    return status.HTTP_201_CREATED if first_time else status.HTTP_200_OK


def _jobs() -> QuerySet[Job]:
    events = JobEvent.objects.select_related("by", "undoes")
    jobs = Job.objects.select_related("order_line__order", "shipment", "remake_of")
    return jobs.prefetch_related(Prefetch("events", events)).order_by("due_on", "pk")


def _found(code: str) -> Job:
    try:
        job = _jobs().filter(code=read_job_code(code)).first()
    except CodeMistyped:
        job = None
    if job is None:
        raise NotFound(_("No ticket has the code “%s”. Compare it with the ticket once more.") % code)
    return job


def _person(request: Request) -> User:
    assert isinstance(request.user, User), "the scope was checked before"
    return request.user


urlpatterns = [
    path("orders/", Orders.as_view(), name="api-orders"),
    path("orders/<slug:number>/", OneOrder.as_view(), name="api-order"),
    path("jobs/", Jobs.as_view(), name="api-jobs"),
    path("jobs/<slug:code>/", OneJob.as_view(), name="api-job"),
    path("jobs/<str:code>/steps/", Steps.as_view(), name="api-steps"),
    path("jobs/<str:code>/scraps/", Scraps.as_view(), name="api-scraps"),
]
