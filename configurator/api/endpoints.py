"""The API of what can be made: families, modules, reviews and designs. Open to everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from configurator import designs, limits, models
from configurator.api.answers import DesignSerializer, ReviewSerializer, design_answer, review_answer
from configurator.api.catalogue import FamilySerializer, ModuleSerializer, family_answer, module_answer
from configurator.api.fields import asked
from configurator.api.repairs import RepairsSerializer, repairs_answer
from configurator.api.requests import DesignRequest, FamilyFilter, ModuleFilter, ModuleSearch, RepairRequest
from configurator.catalogue.families import FamilyUnknown, current_families, current_family
from configurator.designs import DesignUnknown
from configurator.domain.codes import CodeMistyped
from configurator.domain.design import read_code
from configurator.makers import keeping

MINUTE = 60
ADA = OpenApiExample(
    "Ada",
    {
        "family": "bar-100",
        "base": "dark_60",
        "modules": [{"module": "almond_whole", "slot": "toppings", "grams": "12"}],
        "name": "Ada",
        "locale": "en",
        "country": "DE",
    },
    request_only=True,
)

LUSTRE_ON_WHITE = OpenApiExample(
    "Bronze lustre on white",
    {
        "family": "bar-100",
        "base": "white_32",
        "name": "Ada",
        "module": "bronze_lustre",
        "slot": "decorations",
        "locale": "en",
    },
    request_only=True,
)


class PerMinute(BaseThrottle):
    """Counts what a view calls its ``purpose``; its limit is a setting."""

    def allow_request(self, request: Request, view: Any) -> bool:
        most = settings.API_CALLS_PER_MINUTE[view.purpose]
        return limits.within(f"api-{view.purpose}", request._request, most=most, seconds=MINUTE)  # noqa: SLF001  # counting needs Django's request

    def wait(self) -> float:
        return MINUTE


# Knows no visitor, so it needs no cookie, no token and no CSRF check.
class OpenView(GenericAPIView[Any]):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    http_method_names = ["get", "head", "post"]
    queryset = models.Design.objects.none()


class Families(OpenView):
    """The kinds of bar that can be designed."""

    @extend_schema(operation_id="families", responses=FamilySerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(current_families())
        return self.get_paginated_response([family_answer(family) for family in page or ()])


class Family(OpenView):
    """One kind of bar."""

    @extend_schema(operation_id="family", responses=FamilySerializer)
    def get(self, request: Request, key: str) -> Response:
        try:
            return Response(family_answer(current_family(key)))
        except FamilyUnknown:
            raise NotFound(_("We make no “%s”. What we make is listed at /api/v1/families/.") % key) from None


class Modules(OpenView):
    """What a bar can be made of."""

    @extend_schema(operation_id="modules", parameters=[ModuleFilter], responses=ModuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self._page(ModuleFilter(data=asked(request.query_params)))

    def _page(self, wanted: ModuleFilter) -> Response:
        wanted.is_valid(raise_exception=True)
        page = self.paginate_queryset(wanted.modules)
        return self.get_paginated_response([module_answer(module, wanted.of) for module in page or ()])


class ModuleSearches(Modules):
    """The same list by allergen and diet too, which are health data and so stay out of addresses."""

    http_method_names = ["post"]

    @extend_schema(
        operation_id="module_searches",
        request=ModuleSearch,
        responses={200: ModuleSerializer(many=True)},
        parameters=[
            OpenApiParameter("page", int, description="Page of the result."),
            OpenApiParameter("page_size", int, description="Results in a page."),
        ],
    )
    def post(self, request: Request) -> Response:
        return self._page(ModuleSearch(data=request.data))


class Module(OpenView):
    """One thing that can be chosen."""

    @extend_schema(operation_id="module", parameters=[FamilyFilter], responses=ModuleSerializer)
    def get(self, request: Request, key: str) -> Response:
        wanted = FamilyFilter(data=asked(request.query_params))
        wanted.is_valid(raise_exception=True)
        if key not in wanted.of.modules:
            raise NotFound(_("We have no “%s”. All we have is listed at /api/v1/modules/.") % key)
        return Response(module_answer(wanted.of.modules[key], wanted.of))


class Reviews(OpenView):
    """Everything the studio shows of a design. It is kept, so that its picture has an address."""

    purpose = "reviews"
    throttle_classes = (PerMinute,)

    @extend_schema(
        operation_id="review", request=DesignRequest, responses={200: ReviewSerializer}, examples=[ADA]
    )
    def post(self, request: Request) -> Response:
        wanted = DesignRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        designs.save(wanted.design)
        return Response(review_answer(designs.review(wanted.design, wanted.of, wanted.language)))


class Repairs(OpenView):
    purpose = "reviews"
    throttle_classes = (PerMinute,)

    @extend_schema(
        operation_id="repairs",
        request=RepairRequest,
        responses={200: RepairsSerializer},
        examples=[LUSTRE_ON_WHITE],
    )
    def post(self, request: Request) -> Response:
        """How a module that is blocked in a design could be had after all. Nothing is kept."""
        wanted = RepairRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(repairs_answer(wanted.design, wanted.of, *wanted.place, wanted.language))


class Designs(OpenView):
    purpose = "designs"
    throttle_classes = (PerMinute,)

    @extend_schema(
        operation_id="keep_design", request=DesignRequest, responses={201: DesignSerializer}, examples=[ADA]
    )
    def post(self, request: Request) -> Response:
        """Keep a design. The same design is kept once and has the same digest for everybody."""
        wanted = DesignRequest(data=request.data)
        wanted.is_valid(raise_exception=True)
        answer = design_answer(designs.save(wanted.design))
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": answer["url"]})


class Design(OpenView):
    purpose = "designs"
    throttle_classes = (PerMinute,)

    @extend_schema(operation_id="design", responses=DesignSerializer)
    def get(self, request: Request, reference: str) -> Response:
        """By its digest, or by the code on the pack as it was typed."""
        try:
            return Response(design_answer(_visible(request, _found(reference))))
        except CodeMistyped:
            raise NotFound(
                _("“%s” is neither a digest nor a code on a pack. Compare it once more.") % reference
            ) from None
        except DesignUnknown:
            raise NotFound(_("Nobody has kept a design of this digest or code.")) from None


def _found(reference: str) -> models.Design:
    if designs.DIGEST.fullmatch(reference):
        return designs.find(reference)
    return designs.find_by_code(read_code(reference))


def _visible(request: Request, row: models.Design) -> models.Design:
    """What its maker keeps private is unknown to everybody else. Raises DesignUnknown."""
    if not keeping.may_see(request._request, row.digest):  # noqa: SLF001  # as Django's own views get it
        raise DesignUnknown(row.digest)
    return row


urlpatterns = [
    path("families/", Families.as_view(), name="api-families"),
    path("families/<slug:key>/", Family.as_view(), name="api-family"),
    path("modules/", Modules.as_view(), name="api-modules"),
    path("modules/searches/", ModuleSearches.as_view(), name="api-module-searches"),
    path("modules/<slug:key>/", Module.as_view(), name="api-module"),
    path("reviews/", Reviews.as_view(), name="api-reviews"),
    path("repairs/", Repairs.as_view(), name="api-repairs"),
    path("designs/", Designs.as_view(), name="api-designs"),
    path("designs/<str:reference>/", Design.as_view(), name="api-design"),
]
