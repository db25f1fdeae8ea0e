from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop import identity


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/home.html")


@require_safe
def bars(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/bars.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "shop/legal.html")


# The addresses carry a version, so both may be kept for good.
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(identity.theme(), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(_request: HttpRequest) -> HttpResponse:
    mark = identity.logo()
    if mark is None:
        raise Http404
    return HttpResponse(mark.content, content_type=mark.content_type)
