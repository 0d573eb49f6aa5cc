"""One file for every site: what differs between machines comes from the environment.

MODE is "production" unless said otherwise, so that a forgotten variable can never
open a real site: `make demo` says MODE=demo, the tests MODE=test, and a developer
may say MODE=development.
"""

import importlib.util
import os
import re
import sys
import warnings
import zoneinfo
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from js_asset import static_lazy
from xstatic.pkg import leaflet, leaflet_markercluster

BASE_DIR = Path(__file__).resolve().parent.parent

# The pinned package says what time it is where, whatever the system has: Debian's data may be older than a country's
# last decision. Here, because every process of the site reads its settings before it makes a time zone.
SYSTEM_TZPATH = zoneinfo.TZPATH
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()


def refuse(sentence):
    sys.exit(f"The site can't start: {sentence}")


def needs(package, name):
    """What only a larger site has is named when it is missing, before anything is tried with it."""
    if not importlib.util.find_spec(package):
        refuse(f"{name} is set, but {package} is not installed: pip install -r deploy/requirements.txt.")


class Environment(environ.Env):
    def get_value(self, var, *args, **kwargs):
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            refuse(f"{var} is {os.environ[var]!r}, which is not what .env.example says of it.")


def parsed(read, name, default):
    """A setting in the form of an address, such as DATABASE_URL; it may hold a password, so it is not repeated."""
    try:
        with warnings.catch_warnings(action="error", category=UserWarning):
            return read(name, default=default)
    except Exception:
        refuse(f"{name} is not an address that can be used. See .env.example.")


env = Environment()
env.read_env(BASE_DIR / ".env")

MODE = env.str("MODE", "production")
if MODE not in ("production", "demo", "development", "test"):
    refuse(f"MODE is {MODE!r}; it is production, demo, development or test.")
PRODUCTION = MODE == "production"
DEBUG = MODE == "development"

SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else f"only-for-{MODE}-on-one-machine")
if not SECRET_KEY:
    refuse("SECRET_KEY is not set. Try `make demo`, or put a long random text into .env.")
if PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("django-", "only-for-"))):
    refuse("SECRET_KEY is too easy to guess. Put at least 50 random characters into .env: `openssl rand -base64 48`.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
if not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is not set. Put the site's host names into .env, separated by commas.")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is *, so that anyone could give the site another name. Put its host names into .env.")

# The address of the site, for links in messages that nobody's visit has caused.
SITE_ADDRESS = env.str(
    "SITE_ADDRESS", f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://127.0.0.1:8000"
)
if not re.fullmatch(r"https?://[^/\s]+", SITE_ADDRESS):
    refuse("SITE_ADDRESS is the address of the site without a path: https://www.example.org.")
TLS = PRODUCTION and SITE_ADDRESS.startswith("https://")

# How many proxies stand in front of the site: they tell visitors' addresses apart, others may invent them.
PROXIES = env.int("PROXIES", 1 if PRODUCTION else 0)
if TLS and PROXIES < 1:
    refuse("PROXIES is 0, but https needs a proxy in front of the site, such as the one in deploy/nginx.conf.")

# Data that the site writes: database, photos, collected static files.
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
except OSError:
    refuse(f"VAR_DIR is {VAR_DIR}, and no folder can be made there.")

INSTALLED_APPS = [
    # First, so that desk.people can leave out what they bring to the admin.
    "django.contrib.auth",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "learningcities",
    "learningcities.desk",
    "learningcities.people",
    "learningcities.publishing",
    "learningcities.search",
    "learningcities.pages",
    "learningcities.reports",
    "learningcities.operations",
    "learningcities.care",
    "cities",
    "initiatives",
    "learningcities.desk.apps.AdminConfig",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "js_asset",
    "pictures",
    "rules.apps.AutodiscoverRulesConfig",
]

# What the text editor has besides what it brings.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy("js/pasted.js")], "extensions": {"Pasted": lambda _config, _shared: None}}
]

# The release that is running, for error reports and backups.
RELEASE = env.str("RELEASE", "")

# The text from which the key of backups comes; without it they aren't encrypted.
BACKUP_KEY = env.str("BACKUP_KEY", "")
if BACKUP_KEY and len(BACKUP_KEY) < 20:
    refuse("BACKUP_KEY is too easy to guess. Put at least 20 random characters into .env: `openssl rand -base64 32`.")

# Who may read the figures at /metrics: whoever sends this token. Without it there are none.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
METRICS_DIR = VAR_DIR / "metrics"
if METRICS_TOKEN:
    METRICS_DIR.mkdir(exist_ok=True)
    # The library reads this where it is imported; then all processes count together.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))

MIDDLEWARE = [
    "learningcities.operations.request_log.numbered",
    *(["learningcities.operations.metrics.measured"] if METRICS_TOKEN else []),
    "learningcities.operations.health.watched",
    "learningcities.publishing.version.content_version.one_version",
    "django.middleware.gzip.GZipMiddleware",
    "learningcities.publishing.version.page_cache.page_cache",
    "django.middleware.security.SecurityMiddleware",
    "learningcities.web.security_headers.guarded",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "learningcities.people.login.Frame",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    *(["learningcities.operations.chores.daily"] if MODE in ("production", "demo") else []),
]

# The site stands at the top of its host: no header of a request (SCRIPT_NAME) can put another address before its own.
FORCE_SCRIPT_NAME = ""

ROOT_URLCONF = "learningcities.urls"
WSGI_APPLICATION = "learningcities.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "learningcities.pages.site_texts.site",
            ],
            "builtins": ["learningcities.templatetags.learningcities", "learningcities.templatetags.cached"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database: SQLite beside the code, or what DATABASE_URL names.

DATABASES = {"default": parsed(env.db, "DATABASE_URL", f"sqlite:///{VAR_DIR / 'site.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if not DATABASES["default"].get("ENGINE", "").endswith(("sqlite3", "postgresql")):
    refuse("DATABASE_URL names no database that the site can use: sqlite:////path or postgres://name:password@host/db.")
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    needs("psycopg", "DATABASE_URL")
    # One that went down and came back is connected to anew before it is asked, by each thread that was connected.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A database that is away is said to be so at once.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
else:
    # WAL lets visitors read while an editor saves; an immediate transaction waits
    # for its turn instead of failing half way with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A cache in front of the site that wants to hear of every change: asked with this method, after the commit.
PURGE_URL = env.str("PURGE_URL", "")
PURGE_METHOD = env.str("PURGE_METHOD", "POST")
PURGE_TOKEN = env.str("PURGE_TOKEN", "")
if PURGE_URL and not PURGE_URL.startswith(("http://", "https://")):
    refuse("PURGE_URL is the web address at which a cache in front of the site is emptied: http://127.0.0.1:6081/.")

CACHES = {"default": parsed(env.cache, "CACHE_URL", "locmemcache://?max_entries=10000")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    needs("redis", "CACHE_URL")
    CACHES["default"]["BACKEND"] = "learningcities.operations.redis_cache.RedisCache"
    CACHES["default"].setdefault("OPTIONS", {}).update(socket_connect_timeout=1, socket_timeout=1)

# People

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "learningcities.people.login.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# How long the link of an invitation, and that of a forgotten password, lead to the form.
INVITATION_DAYS = 7
PASSWORD_RESET_TIMEOUT = 3600
# Whoever can publish proves it with a second factor: an app on their telephone, or a key.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", PRODUCTION)

# What second factors are encrypted with: apart from SECRET_KEY, that one can be changed and they stay.
FACTOR_KEY = env.str("FACTOR_KEY", "") or SECRET_KEY

ACCOUNT_ADAPTER = "learningcities.people.login.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "learningcities.people.login.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "admin:login"
# The site counts by itself (people/login_attempt.py): allauth keeps a worker waiting while it counts.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
# For so many seconds a password or a factor that was asked for again is fresh.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_ADAPTER = "learningcities.people.factors.Adapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "add_webauthn": "learningcities.people.login.AddPasskeyForm",
    "authenticate": "learningcities.people.login.CodeForm",
    "login_webauthn": "learningcities.people.login.PasskeyForm",
    "reauthenticate": "learningcities.people.login.ReauthenticateCodeForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Villes apprenantes"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# Languages: fixed in code, because every translated text has a column for each.

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("ar", "العربية"), ("en", "English")]
# Our own words, then the words that packages lack or say otherwise than readers in Morocco.
LOCALE_PATHS = [BASE_DIR / "learningcities" / "locale", BASE_DIR / "learningcities" / "locale_of_packages"]
FORMAT_MODULE_PATH = "learningcities.formats"
TIME_ZONE = env.str("TIME_ZONE", "Africa/Casablanca")
USE_TZ = True

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("leaflet", leaflet.BASE_DIR),
    ("leaflet", leaflet_markercluster.BASE_DIR),
]
STATICFILES_FINDERS = [
    "learningcities.web.assets.Finder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"
# Several machines share their files: in a bucket that only the site itself reads and writes.
S3_BUCKET = env.str("S3_BUCKET", "")
if S3_BUCKET:
    needs("storages", "S3_BUCKET")
S3 = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.str("S3_ENDPOINT", "") or None,
    "region_name": env.str("S3_REGION", "") or None,
    "access_key": env.str("S3_ACCESS_KEY", "") or None,
    "secret_key": env.str("S3_SECRET_KEY", "") or None,
}
STORAGES = {
    "default": {"BACKEND": "learningcities.media.storage.Bucket", "OPTIONS": S3}
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "learningcities.web.assets.Storage"
        if MODE in ("production", "demo")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
PICTURES = {
    "BREAKPOINTS": {"phone": 480, "desktop": 1280},
    "GRID_COLUMNS": 3,
    "CONTAINER_WIDTH": 1280,
    "FILE_TYPES": ["AVIF", "WEBP"],
    "PIXEL_DENSITIES": [1],
    "USE_PLACEHOLDERS": False,
    "QUEUE_NAME": None,
}

# How many uploads a machine looks at at once, each in a process of its own that may take up to 480 MB for a moment.
INSPECTIONS_AT_ONCE = env.int("INSPECTIONS_AT_ONCE", 1)
if INSPECTIONS_AT_ONCE < 1:
    refuse("INSPECTIONS_AT_ONCE is the number of uploads that are looked at at once, 1 at least.")
# Tests that aren't about it spare the time to start one.
INSPECT_IN_CHILD = MODE != "test"

# The largest admin form (a city with all its rows in three languages) has more fields than Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# How long the link of a preview leads to it.
PREVIEW_DAYS = env.int("PREVIEW_DAYS", 7)
if not 0 < PREVIEW_DAYS <= 365:
    refuse("PREVIEW_DAYS is the number of days that the link of a preview works, from 1 to 365.")

# The map of a list: drawn by the site itself, unless the operator names a server of raster tiles.

MAP_TILE_URL = env.str("MAP_TILE_URL", "")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", "")
MAP_TILE_HOSTS = []
if MAP_TILE_URL:
    address = re.fullmatch(r"(https://(?:\{s\}\.)?[\w.:-]+)?/[^\s{}]*(?:\{[zxyr]\}[^\s{}]*)+", MAP_TILE_URL)
    if not address or not all(part in MAP_TILE_URL for part in ("{z}", "{x}", "{y}")):
        refuse("MAP_TILE_URL is an https address with {z}, {x} and {y}: https://tiles.example.org/{z}/{x}/{y}.png.")
    if not MAP_TILE_ATTRIBUTION:
        refuse("MAP_TILE_ATTRIBUTION is not set. Say whose tiles MAP_TILE_URL shows.")
    MAP_TILE_HOSTS = [address[1].replace("{s}", "*")] if address[1] else []

# The API

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": _("Learning cities: the open data of the network"),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
}

# Whom /.well-known/security.txt names to those who have found a weakness: a mail address or a web page.

SECURITY_CONTACT = env.str("SECURITY_CONTACT", "") or f"{SITE_ADDRESS}/"
if not re.fullmatch(r"(https?://|mailto:)[\x21-\x7e]+", SECURITY_CONTACT):
    refuse("SECURITY_CONTACT is an address such as mailto:security@example.org or https://www.example.org/contact/.")

# Whether `manage.py mail_care` writes to the editors of each city what needs their care.

CARE_MAIL = env.bool("CARE_MAIL", False)

# Safety

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # Only admin pages use the nonce: for the import map and the style block of the text editor.
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *MAP_TILE_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "learningcities.web.errors.no_token"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
# The site speaks for its own host: whether its neighbours in the domain have TLS is for their owners to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Messages need no cookie of their own, which would go to every page.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# How often one address may ask, and in how many seconds: a school or a telephone network may share one address.
LIMITS = {
    "search": (env.int("SEARCHES_A_MINUTE", 1200), 60),
    "exports": (env.int("EXPORTS_A_MINUTE", 120), 60),
    "api": (env.int("API_REQUESTS_A_MINUTE", 1200), 60),
    "reports": (env.int("REPORTS_AN_HOUR", 5), 3600),
    "reports_in_all": (env.int("REPORTS_AN_HOUR_IN_ALL", 100), 3600),
}

# Who waits for the mail server doesn't wait for long.
EMAIL_TIMEOUT = 10
vars().update(parsed(env.email_url, "EMAIL_URL", "consolemail://"))
# What the mail server doesn't take is kept, and sent again by `manage.py tidy`.
OUTBOX_BACKEND, EMAIL_BACKEND = vars()["EMAIL_BACKEND"], "learningcities.operations.outbox.Backend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "villes-apprenantes@localhost")

# What is said of the site's running: lines of JSON in production, without addresses of visitors and what they typed.

ADMINS = [("", mail) for mail in env.list("ERROR_MAIL", default=[])]
# Their lines say what was asked, and an address may be a secret.
MASKED = {name: {"filters": ["masked"]} for name in ("django.request", "django.security.csrf")}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "masked": {"()": "learningcities.operations.request_log.Masked"},
        "no_request": {"()": "learningcities.operations.request_log.NoRequest"},
    },
    "formatters": {"json": {"()": "learningcities.operations.request_log.Formatter"}},
    "handlers": {
        "json": {"class": "logging.StreamHandler", "formatter": "json"},
        "mail": {"class": "learningcities.operations.request_log.Mail", "level": "ERROR", "filters": ["no_request"]},
    },
    "root": {"handlers": ["json"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["mail"] if ADMINS else [], "level": "INFO"},
        **MASKED,
        # It would tell of every HEAD that Django leaves its body to the server.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # Whoever looks for weak sites asks for any host: the line of the request is enough, and nobody needs a mail.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
if not PRODUCTION:
    del LOGGING["root"]
    LOGGING["loggers"] = MASKED

SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    needs("sentry_sdk", "SENTRY_DSN")
    import sentry_sdk

    from learningcities.operations.request_log import without_secrets

    sentry_sdk.init(
        SENTRY_DSN,
        release=RELEASE or None,
        send_default_pii=False,
        max_request_body_size="never",
        before_send=without_secrets,
        before_send_transaction=without_secrets,
    )
