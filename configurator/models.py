"""The catalogue as staff keep it, its published versions, and the designs made under them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from configurator.domain import design as domain_design
from configurator.domain import family as domain_family
from configurator.domain import tastes as domain_tastes
from configurator.domain.pricing import CURRENCIES
from configurator.domain.tastes import AMOUNTS
from configurator.domain.wishes import USUAL

# Keys stand in canonical designs and addresses: they never change and never need escaping.
KEY = RegexValidator(r"^[a-z0-9][a-z0-9_-]*\Z", _("Use lower-case letters, digits, - and _."))
COLOUR = RegexValidator(r"^#[0-9A-F]{6}\Z", _("Write a colour as #RRGGBB, in capitals."))


def per_100_g(words: Any, whole: int = 4, places: int = 4) -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(
        words,
        max_digits=whole + places,
        decimal_places=places,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In 100 g."),
    )


class Ingredient(models.Model):
    """A food with its legal text, allergens and nutrition per 100 g."""

    key = models.CharField(
        _("key"),
        max_length=40,
        unique=True,
        validators=[KEY],
        help_text=_("A short name for us; it stays as it is once something is made with it."),
    )
    text_en = models.TextField(
        _("text on the label, English"), help_text=_("As on the label; allergens as **word**.")
    )
    text_de = models.TextField(
        _("text on the label, German"), help_text=_("As on the label; allergens as **word**.")
    )
    allergens = models.JSONField(
        _("allergens"),
        default=list,
        blank=True,
        help_text=_("Codes of Annex II, such as NUT-ALM. Several with commas between."),
    )
    us_allergens = models.JSONField(
        _("allergens in the USA"),
        default=list,
        blank=True,
        help_text=_("Codes such as TREENUT:ALMOND. Several with commas between."),
    )
    traces = models.JSONField(
        _("traces"),
        default=list,
        blank=True,
        help_text=_("Codes of what it may contain unintentionally. Several with commas between."),
    )
    so2_mg_per_kg = models.PositiveIntegerField(
        _("sulphur dioxide, mg per kg"),
        default=0,
        help_text=_("Above 10 in the finished bar it is named on the label."),
    )

    energy_kj = per_100_g(_("energy, kJ"))
    energy_kcal = per_100_g(_("energy, kcal"))
    fat = per_100_g(_("fat, g"))
    saturates = per_100_g(_("of which saturates, g"))
    carbohydrate = per_100_g(_("carbohydrate, g"))
    sugars = per_100_g(_("of which sugars, g"))
    fibre = per_100_g(_("fibre, g"))
    protein = per_100_g(_("protein, g"))
    salt = per_100_g(_("salt, g"))
    added_sugars = per_100_g(_("added sugars, g"))
    polyols = per_100_g(_("polyols, g"))
    alcohol = per_100_g(_("alcohol, g"))
    organic_acids = per_100_g(_("organic acids, g"))
    trans_fat = per_100_g(_("trans fat, g"))
    cholesterol_mg = per_100_g(_("cholesterol, mg"), 5)
    vitamin_d_ug = per_100_g(_("vitamin D, µg"), 5)
    calcium_mg = per_100_g(_("calcium, mg"), 5)
    iron_mg = per_100_g(_("iron, mg"), 5)
    potassium_mg = per_100_g(_("potassium, mg"), 5)

    vegan = models.BooleanField(_("vegan"), default=False)
    vegetarian = models.BooleanField(_("vegetarian"), default=False)
    gluten_free = models.BooleanField(
        _("gluten-free"), default=False, help_text=_("At most 20 mg of gluten in a kilogram.")
    )
    halal_ok = models.BooleanField(
        _("halal"), default=False, help_text=_("Nothing in it stands against it; no certificate is claimed.")
    )
    alcohol_free = models.BooleanField(_("without alcohol"), default=True)
    contains_flour = models.BooleanField(_("contains flour"), default=False)
    shelf_life_months = models.PositiveSmallIntegerField(_("shelf life in months"), default=12)
    note = models.TextField(_("note"), blank=True, help_text=_("For staff; never printed."))
    market_block = models.CharField(
        _("not to be sold in"),
        max_length=60,
        blank=True,
        help_text=_("US: not there. With a question mark: not before that is confirmed. Empty: anywhere."),
    )
    source = models.TextField(_("source"), blank=True, help_text=_("Where these numbers are from."))

    class Meta:
        verbose_name = _("ingredient")
        verbose_name_plural = _("ingredients")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Module(models.Model):
    """One thing that can be chosen, made of an ingredient."""

    class Kind(models.TextChoices):
        BASE = "base", _("base")
        MIX_IN = "mix-in", _("mix-in")
        TOPPING = "topping", _("topping")
        DECORATION = "decoration", _("decoration")

    key = models.CharField(
        _("key"),
        max_length=40,
        unique=True,
        validators=[KEY],
        help_text=_("A short name for us; it stays as it is once something is made with it."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    also_usable_as = models.JSONField(
        _("also usable as"),
        default=list,
        blank=True,
        help_text=_("Other kinds, such as topping. Several with commas between."),
    )
    ingredient = models.ForeignKey(
        Ingredient, on_delete=models.PROTECT, related_name="modules", verbose_name=_("ingredient")
    )
    name_en = models.CharField(_("name, English"), max_length=80)
    name_de = models.CharField(_("name, German"), max_length=80)
    category = models.CharField(
        _("category"),
        max_length=20,
        db_index=True,
        help_text=_("The shelf it lies on in the studio, such as nuts."),
    )
    tastes = models.JSONField(
        _("tastes"),
        default=list,
        blank=True,
        help_text=_("Keys, such as fruity or bitter. Several with commas between."),
    )
    textures = models.JSONField(
        _("textures"),
        default=list,
        blank=True,
        help_text=_("Keys, such as crunchy. Several with commas between."),
    )
    origin_en = models.CharField(_("origin, English"), max_length=80, blank=True)
    origin_de = models.CharField(_("origin, German"), max_length=80, blank=True)
    dose_mg = models.PositiveIntegerField(
        _("usual dose, mg"), help_text=_("Usual dose in 100 g of finished bar.")
    )
    max_dose_mg = models.PositiveIntegerField(_("largest dose, mg"), help_text=_("Largest dose in 100 g."))
    surcharge_cents = models.PositiveIntegerField(
        _("surcharge, cents"), help_text=_("For the usual dose in 100 g.")
    )
    cost_cents_per_kg = models.PositiveIntegerField(_("costs us per kg, cents"))
    colour = models.CharField(
        _("colour"),
        max_length=7,
        validators=[COLOUR],
        help_text=_("As #RRGGBB; what the picture is painted from."),
    )
    shape_hint = models.CharField(_("shape"), max_length=20, help_text=_("How its pieces are painted."))
    length = models.PositiveIntegerField(_("length"), default=0, help_text=_("Tenths of a millimetre."))
    width = models.PositiveIntegerField(_("width"), default=0, help_text=_("Tenths of a millimetre."))
    height = models.PositiveIntegerField(_("height"), default=0, help_text=_("Tenths of a millimetre."))
    piece_ug = models.PositiveIntegerField(
        _("weight of a piece"), default=0, help_text=_("Micrograms; 0: no pieces.")
    )
    legal_name_en = models.CharField(
        _("legal name, English"),
        max_length=160,
        blank=True,
        help_text=_("Of a base: the name of the food on the label."),
    )
    legal_name_de = models.CharField(
        _("legal name, German"),
        max_length=160,
        blank=True,
        help_text=_("Of a base: the name of the food on the label."),
    )
    legal_name_us = models.CharField(
        _("legal name in the USA"),
        max_length=160,
        blank=True,
        help_text=_("Of a base: the name of the food on the label."),
    )
    reserved_name = models.CharField(
        _("reserved name"),
        max_length=80,
        blank=True,
        help_text=_("A name that the law keeps for what has enough cocoa, such as milk chocolate."),
    )
    cocoa_solids_pct = per_100_g(_("cocoa solids, per cent"), 3, 2)
    milk_solids_pct = per_100_g(_("milk solids, per cent"), 3, 2)
    position = models.PositiveIntegerField(_("place in the list"), default=0)
    free_zone = models.BooleanField(
        _("zone F"),
        default=False,
        help_text=_("May be handled in zone F, where nothing of Annex II is let in."),
    )
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Old bars keep it; nobody can choose it any more.")
    )

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ("position", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0, max_dose_mg__gte=F("dose_mg")),
                name="module_dose_within_largest",
            ),
        )

    def __str__(self) -> str:
        return self.name_de if get_language() == "de" else self.name_en


class Slot(models.Model):
    """A place where modules of given kinds are chosen: in every bar, or with the kind sample in every box of samples."""

    key = models.CharField(
        _("key"),
        max_length=20,
        unique=True,
        validators=[KEY],
        help_text=_("A short name for us; it stays as it is once something is made with it."),
    )
    name_en = models.CharField(_("name, English"), max_length=40)
    name_de = models.CharField(_("name, German"), max_length=40)
    kinds = models.JSONField(
        _("kinds"),
        help_text=_(
            "What may be chosen here: base, mix-in, topping, decoration, sample. Several with commas between."
        ),
    )
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=1)
    position = models.PositiveSmallIntegerField(_("place in the studio"), default=0)

    class Meta:
        verbose_name = _("place in a bar")
        verbose_name_plural = _("places in a bar")
        ordering = ("position",)
        constraints = (
            models.CheckConstraint(
                condition=Q(maximum__gte=F("minimum"), maximum__gt=0), name="slot_minimum_below_maximum"
            ),
        )

    def __str__(self) -> str:
        return self.name_en


class Constraint(models.Model):
    """A rule of the catalogue; modules are named by key, so that renaming breaks nothing."""

    class Kind(models.TextChoices):
        EXCLUDES = "excludes", _("excludes: none of these together with any of the others")
        BASE_EXCLUDES = "base-excludes", _("base excludes: on these bases none of the others")
        NEEDS = "needs", _("needs: any of these only with one of the others")
        LIMIT = "limit", _("limit: at most so many of these")
        LIMIT_GRAMS = "limit-grams", _("limit in grams: at most so many milligrams of these in 100 g")
        LIMIT_PERCENT = "limit-percent", _("limit in per cent: at most so many per mille of the bar")
        LIMIT_PRICE = "limit-price", _("limit of the price: the bar costs at most so many cents")
        AVOID = "avoid", _("avoid: nothing that contains the allergen")

    key = models.CharField(_("key"), max_length=40, unique=True, validators=[KEY])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    modules = models.JSONField(_("modules"), default=list, blank=True)
    others = models.JSONField(_("other modules"), default=list, blank=True)
    most = models.PositiveIntegerField(
        _("at most"),
        default=0,
        help_text=_("A number of modules, milligrams, per mille or cents, as the kind says."),
    )
    allergen = models.CharField(_("allergen"), max_length=10, blank=True)
    reason_en = models.TextField(_("reason, English"))
    reason_de = models.TextField(_("reason, German"))

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Family(models.Model):
    """A kind of product that can be configured."""

    class Form(models.TextChoices):
        BAR = "bar", _("a bar on a base")
        SAMPLES = "samples", _("a box of loose portions, each in a bag")

    key = models.CharField(
        _("key"),
        max_length=20,
        unique=True,
        validators=[KEY],
        help_text=_("A short name for us; it stays as it is once something is made with it."),
    )
    name_en = models.CharField(_("name, English"), max_length=60)
    name_de = models.CharField(_("name, German"), max_length=60)
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, default=Form.BAR)
    net_mg = models.PositiveIntegerField(
        _("net weight, mg"), validators=[MinValueValidator(1000)], help_text=_("100000: a bar of 100 g.")
    )
    length = models.PositiveIntegerField(_("length"), help_text=_("Tenths of a millimetre."))
    width = models.PositiveIntegerField(_("width"), help_text=_("Tenths of a millimetre."))
    price_cents = models.PositiveIntegerField(
        _("price, cents"), help_text=_("Of the bar with the plainest base; of samples the packing.")
    )
    portion_cents = models.PositiveIntegerField(
        _("price of a portion, cents"),
        default=0,
        help_text=_("Of samples: each costs that besides what its grams cost in a bar. Of bars nothing."),
    )
    name_max = models.PositiveSmallIntegerField(_("longest name, signs"), default=30)
    inclusions_max_permille = models.PositiveSmallIntegerField(
        _("most that is laid on or mixed in"),
        default=400,
        validators=[MaxValueValidator(400)],
        help_text=_("In per mille of the bar; 400 is the most that the law lets chocolate carry."),
    )
    outline = models.CharField(
        _("outline"),
        max_length=10,
        default="oblong",
        choices=[("oblong", _("oblong")), ("heart", _("heart"))],
    )
    faces = models.JSONField(
        _("moulds"),
        default=list,
        blank=True,
        help_text=_('Such as [{"key": "poured", "name": {"en": "", "de": ""}}].'),
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    current = models.ForeignKey(
        "FamilyVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current version"),
    )

    class Meta:
        verbose_name = _("kind of bar")
        verbose_name_plural = _("kinds of bars")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name_en


class FamilyVersion(models.Model):
    """A published catalogue of one family, frozen: never changed, never deleted."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    family = models.ForeignKey(
        Family, on_delete=models.PROTECT, related_name="versions", verbose_name=_("kind of bar")
    )
    number = models.PositiveIntegerField(_("number"))
    frozen = models.JSONField(_("content"))
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering = ("family", "-number")
        constraints = (
            models.UniqueConstraint(fields=("family", "number"), name="family_version_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.family} · {self.number}"


class PriceList(models.Model):
    """What the catalogue costs in a currency from a day on; of several that hold, the one that began last."""

    currency = models.CharField(
        _("currency"), max_length=3, choices=[(currency, currency) for currency in CURRENCIES]
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("For us: what it is for."))
    permille = models.PositiveIntegerField(
        _("permille of the catalogue's prices"),
        default=1000,
        validators=[MinValueValidator(100), MaxValueValidator(10_000)],
        help_text=_("1080: 1.08 for each euro. Everything but the prices set by hand below."),
    )
    step_cents = models.PositiveSmallIntegerField(
        _("rounded to"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Cents: 5 gives 6.35, 6.40."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day. Empty: no end is known.")
    )
    reduced = models.BooleanField(
        _("announced as reduced"),
        default=False,
        help_text=_("Pages show the lowest price of the 30 days before, as Article 6a of 98/6/EC wants."),
    )

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ("currency", "-valid_from", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(permille__gte=100, permille__lte=10_000, step_cents__gte=1),
                name="price_list_has_prices",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="price_list_ends_after_start",
                violation_error_message=_("It would end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.currency} · {self.name}"


class OwnPrice(models.Model):
    """A price that is set by hand in one list."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="own")
    key = models.CharField(
        _("key"), max_length=40, validators=[KEY], help_text=_("Of a kind of bar or of a module.")
    )
    cents = models.PositiveIntegerField(_("cents"), help_text=_("Of a module: for its usual dose in 100 g."))

    class Meta:
        verbose_name = _("price set by hand")
        verbose_name_plural = _("prices set by hand")
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("price_list", "key"), name="one_own_price_per_list"),)

    def __str__(self) -> str:
        return self.key


class Design(models.Model):
    """A design that somebody made; its digest is its identity."""

    digest = models.CharField(
        _("digest"),
        max_length=64,
        primary_key=True,
        help_text=_("Says exactly what the bar is: the same bar has the same."),
    )
    code = models.CharField(_("code on the pack"), max_length=13, db_index=True)
    family_version = models.ForeignKey(
        FamilyVersion,
        on_delete=models.PROTECT,
        related_name="designs",
        verbose_name=_("kind of bar and its version"),
    )
    canonical = models.TextField(_("content"))
    recipe_digest = models.CharField(_("digest of the recipe"), max_length=64, db_index=True, default="")
    name = models.CharField(_("name"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("first made"), auto_now_add=True)

    class Meta:
        verbose_name = _("bar")
        verbose_name_plural = _("bars")
        ordering = ("-created_at", "digest")

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def value(self) -> domain_design.Design:
        return _value(self.canonical)

    @cached_property
    def current_version(self) -> str | None:
        """Of its family today; a question may bring it along."""
        return self.family_version.family.current_id


class Creation(models.Model):
    """A bar that somebody is designing or has designed: which design it is now, and which it was."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("private: only for me")
        UNLISTED = "unlisted", _("unlisted: for whoever has the address")
        PUBLIC = "public", _("public: shown in the gallery")

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    maker = models.CharField(
        _("maker"), max_length=64, help_text=_("Digest of the key in the maker's browser, or their account.")
    )
    design = models.ForeignKey(
        Design, on_delete=models.PROTECT, related_name="creations", verbose_name=_("bar")
    )
    started_from = models.ForeignKey(
        Design, on_delete=models.PROTECT, related_name="+", verbose_name=_("began as")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="remixes",
        verbose_name=_("remix of"),
    )
    is_remix = models.BooleanField(
        _("a remix"), default=False, help_text=_("Began as somebody's bar; stays true when that one is gone.")
    )
    tab = models.CharField(
        _("page"),
        max_length=36,
        blank=True,
        default="",
        help_text=_("The browser's page that changed it last."),
    )
    past = models.JSONField(
        _("earlier steps"), default=list, blank=True, help_text=_("Digests to undo to, the oldest first.")
    )
    future = models.JSONField(
        _("undone steps"), default=list, blank=True, help_text=_("Digests to redo, the next one last.")
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.UNLISTED
    )
    created_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("changed"))
    complete_at = models.DateTimeField(
        _("complete since"),
        null=True,
        blank=True,
        help_text=_("When it could be ordered for the first time."),
    )
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    published_at = models.DateTimeField(_("in the gallery since"), null=True, blank=True)
    shown = models.ForeignKey(
        Design,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("As the gallery shows it, or as staff are asked to let it in."),
        verbose_name=_("shown as"),
    )
    held_at = models.DateTimeField(
        _("waits since"), null=True, blank=True, help_text=_("Since when staff are asked.")
    )
    refused_at = models.DateTimeField(
        _("not let in"), null=True, blank=True, help_text=_("When staff said no.")
    )
    opinions_link = models.CharField(
        _("link for opinions"),
        max_length=43,
        blank=True,
        default="",
        help_text=_("Its address for opinions; empty: closed."),
    )
    opinions_unread = models.PositiveSmallIntegerField(
        _("unread opinions"), default=0, help_text=_("Kept here, so that the studio need not count.")
    )

    class Meta:
        verbose_name = _("bar of a customer")
        verbose_name_plural = _("bars of customers")
        ordering = ("-changed_at", "key")
        indexes = (
            models.Index(fields=("maker", "-changed_at"), name="creation_of_maker"),
            models.Index(fields=("visibility", "-published_at"), name="creation_in_gallery"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(visibility="public") | Q(published_at__isnull=False, shown__isnull=False),
                name="creation_public_since",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("key")), name="creation_not_its_own_parent"
            ),
            models.UniqueConstraint(
                fields=("opinions_link",),
                condition=~Q(opinions_link=""),
                name="one_creation_per_opinions_link",
            ),
        )

    def __str__(self) -> str:
        return str(self.design)


class CreationStep(models.Model):
    """A design that a creation is, was, or can be again; never the one that it began as."""

    creation = models.ForeignKey(Creation, on_delete=models.CASCADE, related_name="steps")
    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("creation", "design"), name="creation_step_once"),)

    def __str__(self) -> str:
        return f"{self.creation_id} · {self.design_id[:8]}"


class Opinion(models.Model):
    """What a friend says of a creation, and perhaps the one change that they suggest; for its maker alone."""

    NAME_MAX = 40
    WORDS_MAX = 600

    creation = models.ForeignKey(
        Creation, on_delete=models.CASCADE, related_name="opinions", verbose_name=_("creation")
    )
    about = models.ForeignKey(
        Design,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("The bar as the friend saw it."),
        verbose_name=_("about"),
    )
    name = models.CharField(_("name"), max_length=NAME_MAX, blank=True)
    words = models.CharField(_("words"), max_length=WORDS_MAX, blank=True)
    edits = models.CharField(
        _("suggestion"), max_length=200, blank=True, help_text=_("The change that is suggested.")
    )
    said_at = models.DateTimeField(_("said"))
    applied_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    reported_at = models.DateTimeField(
        _("reported at"), null=True, blank=True, help_text=_("Since when its maker asks staff to look at it.")
    )

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ("-said_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(words="") | ~Q(edits=""), name="opinion_says_something"),
        )

    def __str__(self) -> str:
        """By its number: what the office notes of a deletion keeps no name."""
        return f"{self.pk} · {self.said_at:%Y-%m-%d}"


class Check(models.Model):
    """A maker asks our chocolatiers about a bar; they answer in words, and with a bar to take instead."""

    WORDS_MAX = 1000

    creation = models.ForeignKey(Creation, on_delete=models.CASCADE, related_name="checks")
    about = models.ForeignKey(
        Design, on_delete=models.SET_NULL, null=True, related_name="+", help_text=_("The bar as it was then.")
    )
    question = models.CharField(_("question"), max_length=WORDS_MAX, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.TextField(_("answer"), max_length=WORDS_MAX)
    variant = models.ForeignKey(
        Design, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("variant")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(_("taken up at"), null=True)

    class Meta:
        verbose_name = _("chocolatier's check")
        verbose_name_plural = _("chocolatier's checks")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("creation",), condition=Q(answered_at=None), name="one_open_check_per_creation"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="check_answered_in_words",
            ),
        )

    def __str__(self) -> str:
        return f"{self.creation} · {self.asked_at:%Y-%m-%d}"


class Taste(models.Model):
    """What somebody with an account likes; new bars begin with it. What they must avoid is kept nowhere."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="taste"
    )
    base = models.CharField(max_length=40, blank=True, help_text=_("The key of the favourite; empty: none."))
    liked = models.JSONField(default=list, help_text=_("Keys of modules, the most liked first."))
    amount = models.PositiveSmallIntegerField(
        default=USUAL, help_text=_("Of each: per cent of the usual dose.")
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__in=AMOUNTS), name="taste_in_known_amounts"),
            models.CheckConstraint(condition=~Q(base="") | ~Q(liked=[]), name="taste_says_something"),
        )

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.base, *self.liked)))

    @property
    def value(self) -> domain_tastes.Taste:
        return domain_tastes.Taste(self.base, tuple(self.liked), self.amount)


class DayCount(models.Model):
    """How often something happened on a day; nothing about whom. All slots of a day together are its number."""

    SLOTS = 16
    """Whoever counts holds a row until the disk has it: with one row for all, all carts would wait in line for it."""

    class What(models.TextChoices):
        OPENED = "opened", _("studio opened")
        CHANGED = "changed", _("first change made")
        VALID = "valid", _("first complete bar")
        FINISHED = "finished", _("finished")
        SHARED = "shared", _("shared")
        PRINTED = "printed", _("card printed")
        PUBLISHED = "published", _("published")
        IN_CART = "in-cart", _("put into the cart")

    day = models.DateField(_("day"))
    what = models.CharField(_("what"), max_length=12, choices=What.choices)
    slot = models.PositiveSmallIntegerField(_("place"), default=0)
    number = models.PositiveIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("count of a day")
        verbose_name_plural = _("counts by day")
        ordering = ("-day", "what")
        constraints = (models.UniqueConstraint(fields=("day", "what", "slot"), name="day_count_once_a_slot"),)

    def __str__(self) -> str:
        return f"{self.day} · {self.get_what_display()}"


class Photo(models.Model):
    """A customer's picture as it is kept: re-encoded, without metadata, private until it is ordered."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    width = models.PositiveIntegerField(_("width, pixels"))
    height = models.PositiveIntegerField(_("height, pixels"))
    created_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    uploaded_at = models.DateTimeField(
        _("uploaded"),
        auto_now=True,
        help_text=_("The last time; what nobody orders is forgotten some time after it."),
    )

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("-created_at", "digest")

    def __str__(self) -> str:
        return f"{self.width} × {self.height} · {self.digest[:8]}"


NUTRIENTS = tuple(domain_family.Nutrition.__dataclass_fields__)


@lru_cache(maxsize=2048)
def _value(canonical: str) -> domain_design.Design:
    """Read once: it is asked for wherever a bar is shown, and never changes."""
    return domain_design.from_canonical(canonical)
