"""Every setting, from environment variables alone; docs/operations.md lists them."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from config.broker import broker_url, cache
from config.database import database
from config.environment import Environment
from configurator import compiled_rules
from configurator.purposes import Purpose

# Lets forms, admins and querysets name their types at run time: ModelForm[Order].
django_stubs_ext.monkeypatch()

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("COUVERTURE_VAR", str(BASE_DIR / "var")))

PRODUCTION = env.choice("COUVERTURE_MODE", ("development", "production"), "development") == "production"
DEBUG = not PRODUCTION

# Before any app is imported, and with it the rules as they are written.
COMPILED_RULES = env.text("COMPILED_RULES")
RULES_ARE_COMPILED = bool(COMPILED_RULES) and compiled_rules.take(Path(COMPILED_RULES))


# ── Who may call ─────────────────────────────────────────────────────────────────────────────────

if PRODUCTION:
    SECRET_KEY = env.required("SECRET_KEY", "make one with 50 or more random characters and keep it")
    SHOP_URL = env.required("SHOP_URL", "the shop's own address, such as https://shop.example")
else:
    SECRET_KEY = env.text("SECRET_KEY", "development-only-key-never-used-outside-this-machine")
    SHOP_URL = env.text("SHOP_URL", "http://127.0.0.1:8000")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
SHOP_URL = SHOP_URL.rstrip("/")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", urlsplit(SHOP_URL).hostname or "")
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SHOP_URL]


# ── The shop's identity ──────────────────────────────────────────────────────────────────────────

SHOP_NAME = env.text("SHOP_NAME", "Couverture")
SHOP_EMAIL = env.text("SHOP_EMAIL", "hello@couverture.example")
SHOP_ADDRESS = env.text("SHOP_ADDRESS", "Couverture, 1 Cocoa Lane, 10115 Berlin, Germany")
# Who sells, as the law wants it on an invoice (docs/invoices.md).
SELLER = {
    "name": env.text("SELLER_NAME", SHOP_NAME),
    "street": env.text("SELLER_STREET", "1 Cocoa Lane"),
    "postcode": env.text("SELLER_POSTCODE", "10115"),
    "city": env.text("SELLER_CITY", "Berlin"),
    "country": env.text("SELLER_COUNTRY", "DE"),
    "email": SHOP_EMAIL,
    "vat_id": env.text("SELLER_VAT_ID", "DE999999999" if DEBUG else ""),
    "tax_number": env.text("SELLER_TAX_NUMBER"),
    "register": env.text("SELLER_REGISTER"),
}
# Who imports into the United States (21 CFR 1.500 ff.); without a name nothing is shipped there.
FSVP_IMPORTER = env.text("FSVP_IMPORTER")
# An image file, and colours such as accent=#a2213e; shop/identity.py checks both at the start.
SHOP_LOGO = env.text("SHOP_LOGO")
SHOP_COLOURS = env.words("SHOP_COLOURS")


# ── The parts ────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    # First, for the shop takes some of their pages out of the office.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "orders",
    "shop",
    "configurator",
    "config.office.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "configurator.kept_pictures.KeptPictures",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.caching.PrivateUnlessSaid",
    "config.compression.WordsCompressed",
    "config.page_policy.HousePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.LanguageByAddress",
    "configurator.catalogue.price_lists.CurrencyByChoice",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "config.fixed_parts.FixedParts",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "config.csrf_tokens.csrf_token",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.languages.languages",
                "shop.context_processors.shop",
                "configurator.catalogue.price_lists.on_page",
                "orders.buying.cookies.cart_count",
            ],
        },
    },
]

FORM_RENDERER = "config.form_widgets.PlainWidgets"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "orders:account"


# ── Accounts of customers (docs/accounts.md) ─────────────────────────────────────────────────────

AUTHENTICATION_BACKENDS = [
    # Staff by their name, customers by their e-mail address.
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "orders.account.account_adapter.CustomerAdapter"
ACCOUNT_FORMS = {
    "login": "shop.account_forms.SignInForm",
    "signup": "shop.account_forms.NewAccountForm",
    "add_email": "shop.account_forms.NewAddressForm",
    "change_password": "shop.account_forms.ChangePasswordForm",
    "set_password": "shop.account_forms.FirstPasswordForm",
    "reset_password": "shop.account_forms.ForgottenForm",
    "reset_password_from_key": "shop.account_forms.NewPasswordForm",
    "reauthenticate": "shop.account_forms.ReallyYouForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "shop:home"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SHOP_URL).scheme

MFA_ADAPTER = "shop.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "shop.second_factor_forms.CodeForm",
    "reauthenticate": "shop.second_factor_forms.CodeOnceMoreForm",
    "activate_totp": "shop.second_factor_forms.FirstCodeForm",
    "add_webauthn": "shop.second_factor_forms.NewPasskeyForm",
    "authenticate_webauthn": "shop.second_factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "shop.second_factor_forms.PasskeyOnceMoreForm",
    "login_webauthn": "shop.second_factor_forms.PasskeyAloneForm",
}
# Else the office and the floor stay shut to them. On a developer's own machine a password is enough.
STAFF_NEED_SECOND_FACTOR = not DEBUG


# ── Where things are kept ────────────────────────────────────────────────────────────────────────

if PRODUCTION:
    DATABASE_URL = env.required("DATABASE_URL", "such as postgresql://user:password@host:5432/couverture")
    REDIS_URL = env.required("REDIS_URL", "such as redis://host:6379/0")
else:
    DATABASE_URL = env.text("DATABASE_URL")
    REDIS_URL = env.text("REDIS_URL")

DATABASES = {"default": database(DATABASE_URL, otherwise=VAR_DIR / "couverture.sqlite3")}
if DEBUG:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
CACHES = {"default": cache(REDIS_URL)}

# Photos are the only uploads; of one that is too large no more is kept than tells so.
FILE_UPLOAD_HANDLERS = [
    "configurator.pictures.upload_limit.FirstMegabytes",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 4
# The checkout of 250 bars for 20 people asks who gets which: 20 × (250 + 11), and what it asks once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

S3_BUCKET = env.text("S3_BUCKET")
MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

if S3_BUCKET:
    _media: dict[str, Any] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.text("S3_ACCESS_KEY") or None,
            "secret_key": env.text("S3_SECRET_KEY") or None,
            "default_acl": "private",
            # A second file of the same name must never replace the first.
            "file_overwrite": False,
        },
    }
else:
    _media = {"BACKEND": "django.core.files.storage.FileSystemStorage"}

if PRODUCTION:
    _static = {"BACKEND": "config.staticfiles.HashedModulesStorage"}
else:
    _static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

STORAGES = {"default": _media, "staticfiles": _static}


# ── Work behind the counter ──────────────────────────────────────────────────────────────────────

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's task rings again after this time, so it must exceed the longest task.
    "visibility_timeout": env.number("CELERY_VISIBILITY_SECONDS", 600),
    # A step for each purpose; a worker looks through the steps before it looks through its queues.
    "priority_steps": [purpose.priority for purpose in Purpose],
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
}
# The database is the truth and beat sweeps it; a page never waits for a broker that is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_QUEUES = [Queue(purpose.value) for purpose in Purpose]
CELERY_TASK_DEFAULT_QUEUE = Purpose.HOUSE.value
CELERY_TASK_DEFAULT_PRIORITY = Purpose.HOUSE.priority
# What is not named here is of the house; a row of pending work is rung for by its kind (orders/tasks.py).
CELERY_TASK_ROUTES = {
    "orders.periodic.reconcile": Purpose.MONEY.route,
    "orders.periodic.sweep": Purpose.MONEY.route,
    "orders.periodic.sweep_personal_requests": Purpose.MONEY.route,
    "shop.account_letters.sweep": Purpose.MONEY.route,
    "orders.periodic.plan_the_floor": Purpose.FLOOR.route,
    "orders.periodic.look_at_the_shelves": Purpose.FLOOR.route,
    "orders.periodic.block_expired_lots": Purpose.FLOOR.route,
    # Somebody waits for it before the sign-in page.
    "shop.account_letters.send": Purpose.MAIL.route | {"priority": Purpose.MONEY.priority},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
# Late acknowledgement and one at a time: a worker holds what it works on and nothing more, so that nothing
# waits behind something slow while another worker is idle.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process that has grown, or has worked long, is replaced after what it has in hand.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.number("WORKER_MEMORY_MB", 500) * 1024
# For whoever stops a worker by SIGQUIT and does not wait until it has finished.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("WORKER_STOP_SECONDS", 20)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"

# So long a web process believes what it has read of the shelves, where another one has changed them.
SHELVES_SECONDS = env.number("SHELVES_SECONDS", 3)

# A worker that died is taken for dead after this time, so it must exceed the longest task too.
WORK_LEASE_SECONDS = env.number("WORK_LEASE_SECONDS", 330)
WORK_SWEEP_SECONDS = env.number("WORK_SWEEP_SECONDS", 30)
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {"task": "orders.periodic.sweep", "schedule": WORK_SWEEP_SECONDS},
    "reconcile": {"task": "orders.periodic.reconcile", "schedule": 60},
    "sweep-account-letters": {"task": "shop.account_letters.sweep", "schedule": WORK_SWEEP_SECONDS},
    "sweep-personal-requests": {
        "task": "orders.periodic.sweep_personal_requests",
        "schedule": WORK_SWEEP_SECONDS,
    },
    "let-go": {"task": "orders.periodic.let_go", "schedule": 86_400},
    "sweep-drafts": {"task": "orders.periodic.sweep_drafts", "schedule": 600},
    "ask-how-it-was": {"task": "orders.periodic.ask_how_it_was", "schedule": 86_400},
    "remind": {"task": "orders.periodic.remind", "schedule": 3600},
    "forget-reminders": {"task": "orders.periodic.forget_reminders", "schedule": 86_400},
    "block-expired-lots": {"task": "orders.periodic.block_expired_lots", "schedule": 3600},
    "look-at-the-shelves": {"task": "orders.periodic.look_at_the_shelves", "schedule": 60},
    "plan-the-floor": {"task": "orders.periodic.plan_the_floor", "schedule": 60},
    "answer-what-if": {"task": "orders.periodic.answer_what_if", "schedule": 60},
    "open-days": {"task": "orders.periodic.open_days", "schedule": 86_400},
    "forget-photos": {"task": "orders.periodic.forget_photos", "schedule": 86_400},
    "forget-untouched": {"task": "orders.periodic.forget_untouched", "schedule": 86_400},
}

# By which a monitor reads /metrics/; without one only staff do.
METRICS_TOKEN = env.text("METRICS_TOKEN")

# The language of the tickets, whatever language the customer reads.
FLOOR_LANGUAGE = env.choice("FLOOR_LANGUAGE", ("en", "de"), "en")


# ── Mail ─────────────────────────────────────────────────────────────────────────────────────────

DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{SHOP_NAME} <{SHOP_EMAIL}>")
if PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.required("SMTP_HOST", "the mail server that sends the confirmations")
    EMAIL_PORT = env.number("SMTP_PORT", 587)
    EMAIL_HOST_USER = env.text("SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("SMTP_PASSWORD")
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_USE_TLS = env.flag("SMTP_STARTTLS", default=not EMAIL_USE_SSL)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "config.mailbox.FolderBackend"
MAIL_FOLDER = VAR_DIR / "mail"


# ── Payment ──────────────────────────────────────────────────────────────────────────────────────

if PRODUCTION:
    STRIPE_SECRET_KEY = env.required("STRIPE_SECRET_KEY", "the key of your Stripe account")
    STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS")
    STRIPE_API_BASE = env.text("STRIPE_API_BASE")
else:
    STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "sk_test_sandbox")
    STRIPE_WEBHOOK_SECRETS = env.words("STRIPE_WEBHOOK_SECRETS", "whsec_sandbox")
    STRIPE_API_BASE = env.text("STRIPE_API_BASE", "http://127.0.0.1:8001")
# Where Stripe's hosted page lives; the sandbox serves its page beside its API.
STRIPE_CHECKOUT_ORIGIN = STRIPE_API_BASE.rstrip("/") or "https://checkout.stripe.com"
# Per visitor's address and per e-mail address; more looks like somebody trying out stolen cards.
PAYMENT_ATTEMPTS_PER_HOUR = env.number("PAYMENT_ATTEMPTS_PER_HOUR", 30)


# ── Languages and time ───────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# Where the shop stands: its days decide what is due, and which VAT rate holds.
TIME_ZONE = env.time_zone("SHOP_TIME_ZONE", "Europe/Berlin")


# ── Safety ───────────────────────────────────────────────────────────────────────────────────────

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        # But at the stations of the floor (orders/views/floor_away.py).
        "worker-src": [NONE],
        # The pay button answers with a redirect to the payment page, which form-action also guards.
        "form-action": [SELF, STRIPE_CHECKOUT_ORIGIN],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Lax, not strict: the customer comes back from Stripe's page by a link and must still be known.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True

if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("HTTPS_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.flag("HSTS_SUBDOMAINS", default=True)
    if env.flag("BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# ── The programming interface ────────────────────────────────────────────────────────────────────

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api_parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "config.api_pages.Pages",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "config.problem_details.handle",
}
# From one address. On a developer's own machine programs may try much more.
API_CALLS_PER_MINUTE = {
    "reviews": env.number("API_REVIEWS_PER_MINUTE", 600 if PRODUCTION else 6000),
    "designs": env.number("API_DESIGNS_PER_MINUTE", 120 if PRODUCTION else 1200),
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": f"{SHOP_NAME} API",
    "DESCRIPTION": "Design a bar, see all there is to say of it, and follow it through the house.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]+",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.describe_problems",
    ],
}


# ── What is written down ─────────────────────────────────────────────────────────────────────────

# To stderr, for the supervisor or the platform to keep. Paths of refused requests are left out:
# an order's address is its key.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "stripe": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
    },
}
