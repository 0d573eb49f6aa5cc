"""What an operator should know about the site's surroundings, in plain words: what is broken, what is weak."""

import shutil
import socket
from contextlib import closing
from datetime import timedelta
from os import cpu_count
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import get_connection
from django.db import connection
from django.utils import timezone

from learningcities import bounds
from learningcities.inspection import Refused
from learningcities.inspection.child import inspect_in_child
from learningcities.people import factors
from learningcities.people.models import User
from learningcities.search.database import has_trigrams

from .backup import archives
from .checks import PARTS, wrong
from .models import QueuedMail, ShiftedMoment
from .time_zone import data_date
from .unused_files import doubtful_items

#: How many of the same kind are named.
SHOWN = 5


def findings():
    """(what was looked at, what is broken, what is weak), a sentence or nothing each."""
    for part in PARTS:
        yield part, wrong(part), ""
    if wrong("database"):
        return
    yield "database version", "", old_database()
    if not wrong("migrations"):
        yield "search", "", "" if is_quick() else NO_TRIGRAMS
        yield "people", "", "" if User.objects.filter(is_superuser=True).exists() else NOBODY
        yield "user names", "", double_names()
        yield "second factors", factors.warning(), ""
        yield "letters", "", queued_mails()
        yield "documents", "", doubtful_documents()
        yield "scheduled", "", shifted_moments()
    yield "uploads", no_inspection(), ""
    yield "several processes", "", own_cache()
    yield "mail", mail_away(), printed_mail()
    yield "address", "", unknown_address()
    yield "static files", not_collected(), ""
    yield "mode", "", "" if settings.PRODUCTION else f"MODE is {settings.MODE}: not for a site that others see."
    yield "disk", "", little_space()
    yield "backup", "", old_backup()
    yield "time", "", wrong_time()
    yield "time zone", "", old_time_zone()


NO_TRIGRAMS = "The search has no trigrams (FTS5 in SQLite, pg_trgm in PostgreSQL): it works, but slowly."
NOBODY = "Nobody can log in yet: manage.py first_administrator NAME MAIL."


#: The oldest versions that are known to work.
OLDEST = {"sqlite": (3, 34), "postgresql": (14,)}


def old_database():
    is_sqlite, oldest = connection.vendor == "sqlite", OLDEST[connection.vendor]
    version = connection.Database.sqlite_version_info if is_sqlite else connection.get_database_version()
    present, wanted = (".".join(map(str, numbers)) for numbers in (version, oldest))
    return "" if version >= oldest else f"{connection.display_name} {present} is old; {wanted} is known to work."


def is_quick():
    if connection.vendor == "sqlite":
        return has_trigrams("default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone()[0] == 1


def double_names():
    """From before they were refused."""
    names = ", ".join(User.objects.filter(is_double=True).values_list("username", flat=True))
    return f"Give these accounts other user names, since a phone may write capitals: {names}." if names else ""


def queued_mails():
    """Those that wait, and those that the server refused for good, with its reasons."""
    waiting, refused = QueuedMail.objects.waiting().count(), QueuedMail.objects.refused()
    sentences = [f"{waiting} letters wait for the mail server; `manage.py tidy` sends them again."] if waiting else []
    if refused:
        reasons = "; ".join(f"{', '.join(letter.to)}: {letter.refusal}" for letter in refused[:SHOWN])
        sentences.append(f"{len(refused)} letters were refused for good ({reasons}).")
    return " ".join(sentences)


def doubtful_documents():
    number = len(doubtful_items())
    return f"{number} documents would not be taken today: `manage.py inspect_documents` names them." if number else ""


def no_inspection():
    """Whether a photo can be looked at in a process of its own, as each upload is."""
    try:
        inspect_in_child("photo", ContentFile(ONE_PIXEL))
    except (OSError, Refused) as error:
        if str(error) != "busy":
            return f"No upload can be looked at ({error}): is all of requirements.txt installed, and is there memory?"
    return ""


#: A PNG.
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)


def own_cache():
    is_shared = not settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache"))
    return "" if is_shared or cpu_count() < 4 else OWN_CACHE


OWN_CACHE = "Each process has a cache of its own: limits count for each of them. CACHE_URL names a Redis."


def mail_away():
    if not settings.OUTBOX_BACKEND.endswith("smtp.EmailBackend"):
        return ""
    try:
        with closing(get_connection(settings.OUTBOX_BACKEND)) as server:
            server.open()
    except OSError as error:
        return f"The mail server {settings.EMAIL_HOST} can't be reached ({type(error).__name__}): look at EMAIL_URL."
    return ""


def printed_mail():
    is_printed = settings.OUTBOX_BACKEND.endswith("console.EmailBackend")
    return "Messages are only printed: EMAIL_URL names no mail server." if is_printed and settings.PRODUCTION else ""


def unknown_address():
    host = settings.SITE_ADDRESS.partition("://")[2].partition(":")[0]
    if settings.PRODUCTION and not settings.TLS:
        return "SITE_ADDRESS begins with http: passwords travel in the open."
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return f"No machine is known under the name of SITE_ADDRESS, {host}."
    return ""


def not_collected():
    is_needed = settings.PRODUCTION and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    return "Static files are missing: run `manage.py collectstatic --noinput`." if is_needed else ""


def little_space():
    free = shutil.disk_usage(settings.VAR_DIR).free
    return f"Only {free // bounds.MIB} MB are free in {settings.VAR_DIR}." if free < bounds.FREE_BYTES else ""


def old_backup():
    made = [path.stat().st_mtime for path in archives(settings.VAR_DIR / "backups")]
    if settings.PRODUCTION and max(made, default=0) < (timezone.now() - timedelta(days=8)).timestamp():
        return "There is no backup of the last week in VAR_DIR: `manage.py backup`."
    return ""


def wrong_time():
    """Publication by the minute needs a clock that is right; a database elsewhere has its own."""
    if connection.vendor == "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - timezone.now())
    return f"The clocks of site and database are {apart.seconds} seconds apart." if apart > timedelta(seconds=5) else ""


def old_time_zone():
    made = data_date()
    if timezone.now() - made < timedelta(days=365):
        return ""
    return f"The time zone data is of {made:%Y-%m} or a little later. Countries change their clocks: renew tzdata."


def shifted_moments():
    """What was scheduled by older rules of the clocks, by both: its author may have meant the other hour."""
    rows = [row for row in ShiftedMoment.objects.to_come() if row.is_scheduled]
    sentences = [
        f"{row.item} ({row.field}): chosen {row.before}, now {timezone.localtime(row.at):%F %R}" for row in rows
    ]
    return f"Scheduled by older rules of the clocks: {'; '.join(sentences)}." if sentences else ""
