"""As few tables as an honest order needs."""

from __future__ import annotations

from django.db import models


class Product(models.Model):
    title = models.CharField(max_length=100)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    image = models.CharField(max_length=100)
    words = models.TextField()
    stock = models.BigIntegerField()

    objects: models.Manager[Product] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.title


class Basket(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager[Basket] = models.Manager()

    class Meta:
        app_label = "floor"


class Line(models.Model):
    basket = models.ForeignKey(Basket, models.CASCADE)
    product = models.ForeignKey(Product, models.CASCADE)
    quantity = models.IntegerField()

    objects: models.Manager[Line] = models.Manager()

    class Meta:
        app_label = "floor"


class Order(models.Model):
    email = models.EmailField()
    name = models.CharField(max_length=80)
    address = models.TextField()
    total = models.DecimalField(max_digits=8, decimal_places=2)
    placed_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager[Order] = models.Manager()

    class Meta:
        app_label = "floor"


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    product = models.ForeignKey(Product, models.CASCADE)
    quantity = models.IntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    objects: models.Manager[OrderLine] = models.Manager()

    class Meta:
        app_label = "floor"


class Outbox(models.Model):
    """What a worker does later: the mail of an order."""

    topic = models.CharField(max_length=30)
    payload = models.JSONField()

    objects: models.Manager[Outbox] = models.Manager()

    class Meta:
        app_label = "floor"
