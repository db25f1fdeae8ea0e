"""Codes that take something off an order, and which order each was used for."""

from __future__ import annotations

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from configurator.domain.pricing import CURRENCIES, CURRENCY
from orders.models.cart import Cart
from orders.models.order import Order

CODE_MAX = 20
CODE = RegexValidator(r"^[A-Z0-9][A-Z0-9-]{2,19}\Z", _("Use 3 to 20 capital letters, digits and -."))


class Voucher(models.Model):
    class Kind(models.TextChoices):
        PERCENT = "percent", _("percent off the goods")
        AMOUNT = "amount", _("amount off the goods")
        FREE_SHIPPING = "free_shipping", _("free shipping")

    code = models.CharField(_("code"), max_length=CODE_MAX, unique=True, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices)
    permille = models.PositiveSmallIntegerField(
        _("permille off"), null=True, blank=True, help_text=_("100 is 10 %. For percent only.")
    )
    cents = models.PositiveIntegerField(
        _("cents off"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("1000 is 10.00. For an amount only."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=[(currency, currency) for currency in CURRENCIES],
        default=CURRENCY,
        help_text=_("Of the cents above and below. A code without cents is good in every currency."),
    )
    least_goods_cents = models.PositiveIntegerField(
        _("from goods for"), default=0, help_text=_("Cents, at volume prices. 0: from the first bar.")
    )
    on_volume_price = models.BooleanField(
        _("also on volume prices"), default=True, help_text=_("Off: not for orders that have a volume price.")
    )
    combinable = models.BooleanField(
        _("together with other codes"),
        default=False,
        help_text=_("Only codes that all allow it can stand in one order."),
    )
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Empty: until it is stopped.")
    )
    uses_most = models.PositiveIntegerField(
        _("uses"), null=True, blank=True, help_text=_("By everybody together. Empty: as many as you like.")
    )
    uses_per_customer = models.PositiveIntegerField(
        _("uses by one customer"), null=True, blank=True, default=1, help_text=_("By e-mail address.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("For us: what it is for."))

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-valid_from", "code"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        kind="percent",
                        cents=None,
                        permille__isnull=False,
                        permille__gte=1,
                        permille__lte=1000,
                    )
                    | Q(kind="amount", permille=None, cents__isnull=False, cents__gte=1)
                    | Q(kind="free_shipping", permille=None, cents=None)
                ),
                name="voucher_has_the_value_of_its_kind",
                violation_error_message=_(
                    "Give permille from 1 to 1000 for percent, cents for an amount, neither for free shipping."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="voucher_ends_after_start",
                violation_error_message=_("It would end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def names_cents(self) -> bool:
        return self.cents is not None or self.least_goods_cents > 0


class CartVoucher(models.Model):
    """A code somebody typed into a cart. It holds nothing: only an order uses a voucher."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="vouchers")
    voucher = models.ForeignKey(Voucher, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "voucher"], name="one_code_once_per_cart"),
        ]


class VoucherUse(models.Model):
    """An order that a voucher was used for. Whether it still counts is asked of the order and the clock."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="voucher_uses")
    customer = models.CharField(max_length=64)
    """A keyed digest of the e-mail address, enough to count by."""
    at = models.DateTimeField(_("used"))
    until = models.DateTimeField(_("kept until"), null=True, blank=True)
    """While the order can be paid; then somebody else may use it. Empty: the order is paid."""

    class Meta:
        verbose_name = _("use of a voucher")
        verbose_name_plural = _("uses of a voucher")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["voucher", "customer"], name="voucher_used_by")]
        constraints = [
            models.UniqueConstraint(fields=["voucher", "order"], name="one_voucher_once_per_order"),
        ]

    def __str__(self) -> str:
        return str(self.voucher)
