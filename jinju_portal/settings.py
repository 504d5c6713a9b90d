"""All settings. They come from the environment (.env.example lists them); a secret is never in this file.

PORTAL_MODE says what kind of city this is:
  production  the default: refuses to start without its secrets, with demo secrets, or without HTTPS
  demo        an example city: shows its sign-in codes on the page, marks its people as examples
  test        what `make test` runs in

What Django does by itself (DEBUG off, cookies and frames closed) is not repeated.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")))

MODE = env.str("PORTAL_MODE", "production")
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"PORTAL_MODE={MODE}: production, demo or test")
DEMO, PRODUCTION = MODE == "demo", MODE == "production"


def secret(name: str) -> str:
    """A value that must be given, and in production must not be a demo's (those start with "demo-")."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; see .env.example")
    if PRODUCTION and (value.startswith("demo-") or len(value) < 32):
        raise ImproperlyConfigured(f"{name} is a demo value or too short for production; see .env.example")
    return value


SECRET_KEY = secret("SECRET_KEY")
# Keys for data at rest: "id:base64,id:base64"; the first encrypts, all decrypt (privacy/keys.py).
DATA_KEYS = secret("DATA_KEYS")
# Key for blind indexes (equality look-ups of encrypted columns), base64 of 32 bytes.
INDEX_KEY = secret("INDEX_KEY")
# Signs the ledger's checkpoints (privacy/ledger/): base64 of 32 bytes.
LEDGER_KEY = secret("LEDGER_KEY")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
# Where a gateway or a phone outside reaches the portal; also the origin that forms are accepted from.
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and not PORTAL_URL.startswith("https://"):
    raise ImproperlyConfigured("PORTAL_URL must start with https:// in production")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
# How many proxies of ours stand in front; the client address is taken that far from the right.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

_DJANGO = ("auth", "contenttypes", "sessions", "messages", "staticfiles", "humanize", "admin")
INSTALLED_APPS = [
    *(f"django.contrib.{app}" for app in _DJANGO),
    *("allauth", "allauth.account", "allauth.mfa", "allauth.usersessions"),
    "crispy_forms",
    "csp",
    "django_htmx",
    "anymail",
    "rest_framework",
    "drf_spectacular",
    *("privacy", "people", "broadcast", "repair", "learning"),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jinju_portal.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jinju_portal.too_large.TooLargeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "privacy.middleware.FailClosedMiddleware",
    "people.middleware.SessionRulesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "jinju_portal.urls"
_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "jinju_portal.page.page",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    }
]

# PostgreSQL is the truth. Threads of the web keep their connections; a dead one is noticed before use.
# A database that is away is noticed within seconds, also when its machine just fell silent (seconds; ms).
# What the address itself asks for (?sslmode=…) goes before all of that.
_DATABASE: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
_DATABASE |= env.db("DATABASE_URL", engine="django.db.backends.postgresql")
_DATABASE["OPTIONS"] = {"connect_timeout": 3, "tcp_user_timeout": 5000} | _DATABASE.get("OPTIONS", {})
DATABASES = {"default": _DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Failed sign-ins are counted in the cache, so nobody may push them out by filling it.
_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
CACHES = {"default": _CACHE | {"OPTIONS": {"MAX_ENTRIES": 200_000}}}

# Redis carries ids only (broadcast/tasks.py). Nothing waits there that a row does not know.
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "routine"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A publisher never makes a person wait for Redis: one quick try, then the sweep does it.
CELERY_TASK_PUBLISH_RETRY = False
_QUICK_TRY = {"socket_timeout": 10, "socket_connect_timeout": 1, "max_retries": 1, "interval_start": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60, **_QUICK_TRY}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = "Asia/Seoul"
# What happens regularly: jinju_portal/schedule.py.

# Sign-in (people/): staff by password and a second factor, citizens and chiefs by a code to their phone.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.StaffBackend", "people.backends.PhoneBackend"]
_PASSWORDS = {"MinimumLength": {"min_length": 10}, "UserAttributeSimilarity": {}, "CommonPassword": {}}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{rule}Validator", "OPTIONS": options}
    for rule, options in {**_PASSWORDS, "NumericPassword": {}}.items()
]
LOGIN_URL = reverse_lazy("people:sign_in")
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER, MFA_ADAPTER = "people.adapters.AccountAdapter", "people.adapters.MFAAdapter"
ACCOUNT_SESSION_REMEMBER = False
# Five failures lock an account for ten minutes. An office is many people behind one address.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/10m/key,100/10m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_FORMS = {"login": "people.staff_forms.StaffSignInForm"}
MFA_FORMS = {
    "authenticate": "people.staff_forms.SecondFactorForm",
    "reauthenticate": "people.staff_forms.SecondFactorAgainForm",
    "activate_totp": "people.staff_forms.AuthenticatorAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER, MFA_TOTP_TOLERANCE = "진주시 디지털 포용 포털", 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# A chief speaks outdoors with one thumb, and a broadcast account shows no personal data: their own phone stays
# signed in, and is asked for a new code before a page of their own data (people/by_phone.py). Whoever can see personal
# data is signed out when idle (SESSION_IDLE_SECONDS).
PHONE_SESSION_SECONDS = env.int("PHONE_SESSION_SECONDS", 30 * 24 * 3600)
CITIZEN_SESSION_SECONDS = env.int("CITIZEN_SESSION_SECONDS", 60 * 60)
# [(codes, within seconds)]: to one phone asked for from one address; to one phone wherever asked for, so that nobody
# is flooded or guesses for long, and more, so that no stranger's asking keeps its owner out; and from one address,
# behind which a whole welfare centre may sit. In an example city everybody shares a few phones.
PHONE_CODE_LIMITS = [(1, 20), (5, 3600), (10, 24 * 3600)] if PRODUCTION else [(1000, 3600)]
PHONE_CODE_LIMITS_ANYWHERE = [(15, 3600), (40, 24 * 3600)] if PRODUCTION else [(1000, 3600)]
ADDRESS_CODE_LIMITS = [(60, 3600)] if PRODUCTION else [(1000, 3600)]
LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/start/", "/"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 15 * 60)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
# Asked by the machine itself, inside of the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
CSRF_FAILURE_VIEW = "jinju_portal.errors.csrf_failure"
# Nothing from elsewhere, nothing inline; what was just recorded may be heard (blob:).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "media-src": [SELF, "blob:"],
        "img-src": [SELF, "data:"],
        **{name: [SELF] for name in ("base-uri", "form-action")},
        **{name: [NONE] for name in ("object-src", "frame-ancestors")},
    }
}

# How people are told things (people/channels/): tried in this order.
_CHANNELS = ["alimtalk", "solapi", "email"] if PRODUCTION else ["recorded"]
MESSAGE_CHANNELS = env.list("MESSAGE_CHANNELS", default=_CHANNELS)
SOLAPI_KEY, SOLAPI_SECRET = env.str("SOLAPI_KEY", ""), env.str("SOLAPI_SECRET", "")
SOLAPI_SENDER = env.str("SOLAPI_SENDER", "")  # the number registered with the provider
SOLAPI_URL = env.str("SOLAPI_URL", "https://api.solapi.com")
# 알림톡: the city's channel (pfId), and the approved template of each message: "learning_offer=KA01TP…,…".
ALIMTALK_CHANNEL = env.str("ALIMTALK_CHANNEL", "")
ALIMTALK_TEMPLATES = env.dict("ALIMTALK_TEMPLATES", default={})
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
ANYMAIL, EMAIL_TIMEOUT = env.dict("ANYMAIL", default={}), 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

LANGUAGE_CODE, TIME_ZONE = "ko", "Asia/Seoul"

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var/static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
_FINDERS = [f"django.contrib.staticfiles.finders.{kind}Finder" for kind in ("FileSystem", "AppDirectories")]
STATICFILES_FINDERS = [*_FINDERS, "jinju_portal.npm_files.NpmFinder"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var/media"))()
# In tests nothing is collected: files are served from where they are.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = MODE == "test"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_STATIC = _PLAIN if MODE == "test" else "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC},
}

FORM_RENDERER = "jinju_portal.form_drawing.FormDrawing"
CRISPY_TEMPLATE_PACK = "krds"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("krds",)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": "마을방송: gateway protocol", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

# The city's own words and numbers.
CITY_NAME = "진주시"
# Who helps by telephone, on every page. No default for a real city: a wrong number helps nobody.
HELP_PHONE = env.str("HELP_PHONE", "" if PRODUCTION else "055-000-0000")
if not HELP_PHONE:
    raise ImproperlyConfigured("HELP_PHONE is not set; see .env.example")
OFFICIAL_SITE = env.bool("OFFICIAL_SITE", False)

# 컴퓨터 무상수리: 행정정보 공동이용 (repair/lookups/); empty: nobody is asked, papers are seen.
ELIGIBILITY_LOOKUP = env.str("ELIGIBILITY_LOOKUP", "" if PRODUCTION else "recorded")
# Files of a case (repair/papers.py): bytes each, how many at once, how many a case; and who looks through them.
PAPER_MAX_BYTES, PAPERS_AT_ONCE, PAPERS_MOST = env.int("PAPER_MAX_BYTES", 10 * 1024 * 1024), 5, 10
PAPER_SCANNER = env.str("PAPER_SCANNER", "clamd" if PRODUCTION else "example")  # repair/scanners/
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")  # unix:/run/clamav/clamd.ctl or tcp:host:3310

# 디지털배움터: how long a seat is kept for whoever has waited longest, at most and at least (learning/offer_times.py).
LEARNING_OFFER_HOURS = env.int("LEARNING_OFFER_HOURS", 24)
LEARNING_OFFER_LEAST_MINUTES = env.int("LEARNING_OFFER_LEAST_MINUTES", 60)

# 마을방송 (seconds unless said otherwise).
RECORDING_MAX_SECONDS = env.int("RECORDING_MAX_SECONDS", 300)
RECORDING_MAX_BYTES = env.int("RECORDING_MAX_BYTES", 20 * 1024 * 1024)
TEXT_MAX_LETTERS, REPLAY_DAYS = env.int("TEXT_MAX_LETTERS", 1000), env.int("REPLAY_DAYS", 30)
# Files are received in memory, bounded by too_large.py: nothing that is not sealed yet touches the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = max(PAPER_MAX_BYTES * PAPERS_AT_ONCE, RECORDING_MAX_BYTES) + 1024**2
LOUDNESS_LUFS, SPEECH = env.float("LOUDNESS_LUFS", -16.0), env.str("SPEECH", "espeak-ng")
GATEWAY_CLOCK_SKEW = 300
GATEWAY_SILENT_AFTER = env.int("GATEWAY_SILENT_AFTER", 360)
# A second of silence to every speaker at night (link_test.py): "HH:MM", empty for never; Monday is 0.
LINK_TEST_AT = env.str("LINK_TEST_AT", "03:30")
LINK_TEST_DAYS = env.list("LINK_TEST_DAYS", cast=int, default=[2])
MQTT_URL, MQTT_CA = env.str("MQTT_URL", ""), env.str("MQTT_CA", "")  # docs/gateway-mqtt.md
DISPATCH_SHARDS, DISPATCH_WINDOW = env.int("DISPATCH_SHARDS", 2), env.int("DISPATCH_WINDOW", 1000)
ROUTINE_WINDOW = env.int("ROUTINE_WINDOW", 16)
SIP_ADDRESS = env.str("SIP_ADDRESS", "")  # ours, as SIP devices reach it; empty: this machine's

# 개인정보: the ledger's name in its checkpoints, the public keys of before, and who keeps checkpoints for us
# (privacy/ledger/witnesses/). Access records are kept two years at least (안전성 확보조치 기준 제8조; trigger).
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", f"{PORTAL_URL.partition('://')[2]}/ledger")
LEDGER_OLD_KEYS, LEDGER_WITNESSES = (
    env.list("LEDGER_OLD_KEYS", default=[]),
    env.list("LEDGER_WITNESSES", default=[]),
)
ACCESS_RECORD_DAYS = env.int("ACCESS_RECORD_DAYS", 731)
# Who was erased, without saying who, in a file that no backup of the database turns back (privacy/erasing.py).
ERASURE_REGISTER = env.path("ERASURE_REGISTER", default=str(BASE_DIR / "var/erasures.jsonl"))()
SILENCED_SYSTEM_CHECKS = env.list("SILENCED_CHECKS", default=[])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
