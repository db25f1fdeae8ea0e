"""The least that an honest Django shop does for a page, a cart and an order.

Real templates, real CSRF, real row locks, one transaction per order. What it leaves out is everything that makes a
shop: it is the limit that the others are held against.
"""

from __future__ import annotations

from decimal import Decimal

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bench.peers.floor.models import Basket, Line, Order, OrderLine, Outbox, Product

SHOWN = 20
OTHERS = 4
BASKET = "basket"
# As many bytes as a shop's page has, which are read and sent like any others.
MENU = ("dark", "milk", "white", "basket", "about")
FOOT = "<!-- foot -->" * 600


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return _page(request, "catalogue.html", products=list(Product.objects.order_by("pk")[:SHOWN]))


@require_safe
def product(request: HttpRequest, pk: int) -> HttpResponse:
    others = list(Product.objects.exclude(pk=pk).order_by("pk")[:OTHERS])
    return _page(request, "product.html", product=Product.objects.get(pk=pk), others=others)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        basket = _basket(request) or Basket.objects.create().pk
        Line.objects.create(basket_id=basket, product_id=int(request.POST["product"]), quantity=1)
    response = HttpResponseRedirect("/checkout/")
    response.set_cookie(BASKET, signing.dumps(basket, salt=BASKET), httponly=True)
    return response


@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        order = _placed(request)
        response = HttpResponseRedirect(f"/orders/{order.pk}/")
        response.delete_cookie(BASKET)
        return response
    lines = list(Line.objects.filter(basket_id=_basket(request)).select_related("product"))
    return _page(request, "checkout.html", lines=lines)


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, "order.html", order=Order.objects.get(pk=pk))


@require_safe
def api_product(_request: HttpRequest, pk: int) -> HttpResponse:
    fields = ("id", "title", "price", "image", "words", "stock")
    return JsonResponse(Product.objects.values(*fields).get(pk=pk))


@transaction.atomic
def _placed(request: HttpRequest) -> Order:
    basket = Line.objects.filter(basket_id=_basket(request))
    lines = list(basket.select_related("product").select_for_update(of=("product",)).order_by("product_id"))
    total = sum((line.quantity * line.product.price for line in lines), Decimal(0))
    for line in lines:
        in_stock = Product.objects.filter(pk=line.product.pk, stock__gte=line.quantity)
        in_stock.update(stock=F("stock") - line.quantity)
    typed = {name: request.POST[name] for name in ("email", "name", "address")}
    order = Order.objects.create(**typed, total=total)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product=line.product, quantity=line.quantity, price=line.product.price)
        for line in lines
    )
    Outbox.objects.create(topic="order", payload={"order": order.pk})
    basket.delete()
    return order


def _basket(request: HttpRequest) -> int | None:
    cookie = request.COOKIES.get(BASKET)
    return signing.loads(cookie, salt=BASKET) if cookie else None


def _page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    return render(request, template, {"menu": MENU, "foot": FOOT, **context})
