"""One file for every site: what differs between machines comes from the environment.

MODE is "production" unless said otherwise, so that a forgotten variable can never
open a real site: `make demo` says MODE=demo, the tests MODE=test, and a developer
may say MODE=development.
"""

import re
import sys
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from xstatic.pkg import leaflet, leaflet_markercluster

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def refuse(sentence):
    sys.exit(f"The site can't start: {sentence}")


MODE = env.str("MODE", "production")
if MODE not in ("production", "demo", "development", "test"):
    refuse(f"MODE is {MODE!r}; it is production, demo, development or test.")
PRODUCTION = MODE == "production"
DEBUG = MODE == "development"

SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else f"only-for-{MODE}-on-one-machine")
if not SECRET_KEY:
    refuse("SECRET_KEY is not set. Try `make demo`, or put a long random text into .env.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
if not ALLOWED_HOSTS:
    refuse("ALLOWED_HOSTS is not set. Put the site's host names into .env, separated by commas.")

# The address of the site, for links in messages that nobody's visit has caused.
SITE_ADDRESS = env.str("SITE_ADDRESS", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000")

# How many proxies stand in front of the site: they tell visitors' addresses apart, others may invent them.
PROXIES = env.int("PROXIES", 0)

# Data that the site writes: database, photos, collected static files.
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.auth",  # first, so that people.admin can leave its groups out
    "learningcities",
    "learningcities.people",
    "learningcities.publishing",
    "learningcities.search",
    "learningcities.pages",
    "learningcities.reports",
    "cities",
    "initiatives",
    "learningcities.admin.AdminConfig",
    "django.contrib.contenttypes",
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

MIDDLEWARE = [
    "learningcities.publishing.clock.one_reading",
    "django.middleware.gzip.GZipMiddleware",
    "learningcities.publishing.page_cache.page_cache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

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
                "learningcities.pages.site.site",
            ],
            "builtins": ["learningcities.templatetags.learningcities", "learningcities.templatetags.kept"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database: SQLite beside the code, or what DATABASE_URL names.

VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
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

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# People

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
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
    "learningcities.assets.Finder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "learningcities.assets.Storage"
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
    "ENUM_NAME_OVERRIDES": {},
}

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
CSRF_FAILURE_VIEW = "learningcities.errors.no_token"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# A visitor who sends a report waits for the mail server, but not for long.
EMAIL_TIMEOUT = 10
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "villes-apprenantes@localhost")
