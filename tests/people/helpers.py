"""Logging in, as a browser does it."""

from allauth.mfa.totp.internal import auth as totp
from django.test import Client

LOGIN = "/admin/login/"


def log_in(name="coordinator", password="secret", client=None, **where):  # noqa: S107
    return (client or Client()).post(LOGIN, {"username": name, "password": password}, **where)


def secret_of(person):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code(secret, later=0):
    """What a telephone shows now, or so many half minutes later."""
    now = list(totp.yield_hotp_counters_from_time())[1]
    return totp.format_hotp_value(totp.hotp_value(secret, now + later))
