"""Browsers in which someone has logged in before: a signed cookie says in whose name."""

import secrets

from django.conf import settings
from django.core import signing

from learningcities import bounds

COOKIE, SALT = "browser", "learningcities.people.browser"


def names(request):
    """{key of the person: name of the browser, for this person}, those who logged in last at the end."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=bounds.BROWSER_SECONDS)
    except signing.BadSignature:
        return {}


def name_of(request, person):
    """What this browser is called where it is the person's; None where they never logged in with it."""
    return names(request).get(str(person.pk))


def remember(request, response, person):
    known = names(request)
    name = known.pop(str(person.pk), None) or secrets.token_hex(8)
    known = dict([*known.items(), (str(person.pk), name)][-bounds.BROWSER_PEOPLE :])
    response.set_cookie(
        COOKIE,
        signing.dumps(known, salt=SALT),
        max_age=bounds.BROWSER_SECONDS,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
