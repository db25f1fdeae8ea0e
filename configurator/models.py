"""The catalogue as staff keep it, its published versions, and the designs made under them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
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


def per_100_g(whole: int = 4, places: int = 4) -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(
        max_digits=whole + places,
        decimal_places=places,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )


class Ingredient(models.Model):
    """A food with its legal text, allergens and nutrition per 100 g."""

    key = models.CharField(max_length=40, unique=True, validators=[KEY])
    text_en = models.TextField(help_text=_("As on the label; allergens as **word**."))
    text_de = models.TextField(help_text=_("As on the label; allergens as **word**."))
    allergens = models.JSONField(default=list, blank=True)
    us_allergens = models.JSONField(default=list, blank=True)
    traces = models.JSONField(default=list, blank=True)
    so2_mg_per_kg = models.PositiveIntegerField(default=0)

    energy_kj = per_100_g()
    energy_kcal = per_100_g()
    fat = per_100_g()
    saturates = per_100_g()
    carbohydrate = per_100_g()
    sugars = per_100_g()
    fibre = per_100_g()
    protein = per_100_g()
    salt = per_100_g()
    added_sugars = per_100_g()
    polyols = per_100_g()
    alcohol = per_100_g()
    organic_acids = per_100_g()
    trans_fat = per_100_g()
    cholesterol_mg = per_100_g(5)
    vitamin_d_ug = per_100_g(5)
    calcium_mg = per_100_g(5)
    iron_mg = per_100_g(5)
    potassium_mg = per_100_g(5)

    vegan = models.BooleanField(default=False)
    vegetarian = models.BooleanField(default=False)
    gluten_free = models.BooleanField(default=False)
    halal_ok = models.BooleanField(default=False)
    alcohol_free = models.BooleanField(default=True)
    contains_flour = models.BooleanField(default=False)
    shelf_life_months = models.PositiveSmallIntegerField(default=12)
    note = models.TextField(blank=True, help_text=_("For staff; never printed."))
    market_block = models.CharField(max_length=60, blank=True)
    source = models.TextField(blank=True)

    class Meta:
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

    key = models.CharField(max_length=40, unique=True, validators=[KEY])
    kind = models.CharField(max_length=12, choices=Kind.choices)
    also_usable_as = models.JSONField(default=list, blank=True)
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="modules")
    name_en = models.CharField(max_length=80)
    name_de = models.CharField(max_length=80)
    category = models.CharField(max_length=20, db_index=True)
    tastes = models.JSONField(default=list, blank=True)
    textures = models.JSONField(default=list, blank=True)
    origin_en = models.CharField(max_length=80, blank=True)
    origin_de = models.CharField(max_length=80, blank=True)
    dose_mg = models.PositiveIntegerField(help_text=_("Usual dose in 100 g of finished bar."))
    max_dose_mg = models.PositiveIntegerField(help_text=_("Largest dose in 100 g."))
    surcharge_cents = models.PositiveIntegerField(help_text=_("For the usual dose in 100 g."))
    cost_cents_per_kg = models.PositiveIntegerField()
    colour = models.CharField(max_length=7, validators=[COLOUR])
    shape_hint = models.CharField(max_length=20)
    length = models.PositiveIntegerField(default=0, help_text=_("Tenths of a millimetre."))
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    piece_ug = models.PositiveIntegerField(default=0, help_text=_("Micrograms; 0: no pieces."))
    legal_name_en = models.CharField(max_length=160, blank=True)
    legal_name_de = models.CharField(max_length=160, blank=True)
    legal_name_us = models.CharField(max_length=160, blank=True)
    reserved_name = models.CharField(max_length=80, blank=True)
    cocoa_solids_pct = per_100_g(3, 2)
    milk_solids_pct = per_100_g(3, 2)
    position = models.PositiveIntegerField(default=0)
    free_zone = models.BooleanField(
        default=False, help_text=_("May be handled in zone F, where nothing of Annex II is let in.")
    )
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0, max_dose_mg__gte=F("dose_mg")),
                name="module_dose_within_largest",
            ),
        )

    def __str__(self) -> str:
        return self.name_en


class Slot(models.Model):
    """A place where modules of given kinds are chosen: in every bar, or with the kind sample in every box of samples."""

    key = models.CharField(max_length=20, unique=True, validators=[KEY])
    name_en = models.CharField(max_length=40)
    name_de = models.CharField(max_length=40)
    kinds = models.JSONField()
    minimum = models.PositiveSmallIntegerField(default=0)
    maximum = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
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

    key = models.CharField(max_length=40, unique=True, validators=[KEY])
    kind = models.CharField(max_length=20, choices=Kind.choices)
    modules = models.JSONField(default=list, blank=True)
    others = models.JSONField(default=list, blank=True)
    most = models.PositiveIntegerField(
        default=0, help_text=_("A number of modules, milligrams, per mille or cents, as the kind says.")
    )
    allergen = models.CharField(max_length=10, blank=True)
    reason_en = models.TextField()
    reason_de = models.TextField()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Family(models.Model):
    """A kind of product that can be configured."""

    class Form(models.TextChoices):
        BAR = "bar", _("a bar on a base")
        SAMPLES = "samples", _("a box of loose portions, each in a bag")

    key = models.CharField(max_length=20, unique=True, validators=[KEY])
    name_en = models.CharField(max_length=60)
    name_de = models.CharField(max_length=60)
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.BAR)
    net_mg = models.PositiveIntegerField(validators=[MinValueValidator(1000)])
    length = models.PositiveIntegerField(help_text=_("Tenths of a millimetre."))
    width = models.PositiveIntegerField(help_text=_("Tenths of a millimetre."))
    price_cents = models.PositiveIntegerField(
        help_text=_("Of the bar with the plainest base; of samples the packing.")
    )
    portion_cents = models.PositiveIntegerField(
        default=0,
        help_text=_("Of samples: each costs that besides what its grams cost in a bar. Of bars nothing."),
    )
    name_max = models.PositiveSmallIntegerField(default=30)
    inclusions_max_permille = models.PositiveSmallIntegerField(
        default=400, validators=[MaxValueValidator(400)]
    )
    outline = models.CharField(
        max_length=10, default="oblong", choices=[("oblong", _("oblong")), ("heart", _("heart"))]
    )
    faces = models.JSONField(
        default=list, blank=True, help_text=_('Such as [{"key": "poured", "name": {"en": "", "de": ""}}].')
    )
    position = models.PositiveSmallIntegerField(default=0)
    current = models.ForeignKey(
        "FamilyVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.name_en


class FamilyVersion(models.Model):
    """A published catalogue of one family, frozen: never changed, never deleted."""

    digest = models.CharField(max_length=64, primary_key=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    frozen = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
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

    digest = models.CharField(max_length=64, primary_key=True)
    code = models.CharField(max_length=13, db_index=True)
    family_version = models.ForeignKey(FamilyVersion, on_delete=models.PROTECT, related_name="designs")
    canonical = models.TextField()
    recipe_digest = models.CharField(max_length=64, db_index=True, default="")
    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
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
        max_length=64, help_text=_("Digest of the key in the maker's browser, or their account.")
    )
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="creations")
    started_from = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="remixes"
    )
    is_remix = models.BooleanField(
        default=False, help_text=_("Began as somebody's bar; stays true when that one is gone.")
    )
    tab = models.CharField(
        max_length=36, blank=True, default="", help_text=_("The browser's page that changed it last.")
    )
    past = models.JSONField(default=list, blank=True, help_text=_("Digests to undo to, the oldest first."))
    future = models.JSONField(default=list, blank=True, help_text=_("Digests to redo, the next one last."))
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.UNLISTED)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    complete_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it could be ordered for the first time.")
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    shown = models.ForeignKey(
        Design,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("As the gallery shows it, or as staff are asked to let it in."),
    )
    held_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when staff are asked."))
    refused_at = models.DateTimeField(null=True, blank=True, help_text=_("When staff said no."))
    opinions_link = models.CharField(
        max_length=43, blank=True, default="", help_text=_("Its address for opinions; empty: closed.")
    )
    opinions_unread = models.PositiveSmallIntegerField(
        default=0, help_text=_("Kept here, so that the studio need not count.")
    )

    class Meta:
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

    creation = models.ForeignKey(Creation, on_delete=models.CASCADE, related_name="opinions")
    about = models.ForeignKey(
        Design,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("The bar as the friend saw it."),
    )
    name = models.CharField(max_length=NAME_MAX, blank=True)
    words = models.CharField(max_length=WORDS_MAX, blank=True)
    edits = models.CharField(max_length=200, blank=True, help_text=_("The change that is suggested."))
    said_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
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

    day = models.DateField()
    what = models.CharField(max_length=12, choices=What.choices)
    slot = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-day", "what")
        constraints = (models.UniqueConstraint(fields=("day", "what", "slot"), name="day_count_once_a_slot"),)

    def __str__(self) -> str:
        return f"{self.day} · {self.get_what_display()}"


class Photo(models.Model):
    """A customer's picture as it is kept: re-encoded, without metadata, private until it is ordered."""

    digest = models.CharField(max_length=64, primary_key=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    uploaded_at = models.DateTimeField(
        auto_now=True, help_text=_("The last time; what nobody orders is forgotten some time after it.")
    )

    class Meta:
        ordering = ("-created_at", "digest")

    def __str__(self) -> str:
        return f"{self.width} × {self.height} · {self.digest[:8]}"


NUTRIENTS = tuple(domain_family.Nutrition.__dataclass_fields__)


@lru_cache(maxsize=2048)
def _value(canonical: str) -> domain_design.Design:
    """Read once: it is asked for wherever a bar is shown, and never changes."""
    return domain_design.from_canonical(canonical)
