"""Second factors as they are stored: a code counts once, secrets are encrypted, recovery codes are hashed.

In the first week after the release that encrypts, secrets stay as the release before wrote them, so that going back to
it locks nobody out; then a chore encrypts them.
"""

import unicodedata
from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from learningcities import bounds

SALT = "learningcities.people.factors"
#: What begins with it is encrypted; neither a secret nor a seed in clear does.
MARK = "fernet:"
Type = Authenticator.Type


class UnreadableError(Exception):
    """Encrypted with another key than this site's."""


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "unreadable": _("Your second factor can’t be read any more. Ask an administrator to take it away.")
    }

    def encrypt(self, text):
        return encrypted(text) if is_settled() else text

    def decrypt(self, encrypted_text):
        """What can't be read is nothing that could be guessed."""
        try:
            return decrypted(encrypted_text)
        except UnreadableError:
            return totp.generate_totp_secret()


# The key


def key():
    return salted_hmac(SALT, "key", secret=settings.FACTOR_KEY, algorithm="sha256").digest()


def key_name():
    """Tells one key from another, and nothing of what it is."""
    return sha256(key()).hexdigest()[:12]


def fernet():
    return Fernet(urlsafe_b64encode(key()))


def encrypted(text):
    return MARK + fernet().encrypt(text.encode()).decode()


def decrypted(text):
    if not text.startswith(MARK):
        return text
    try:
        return fernet().decrypt(text.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise UnreadableError from error


def hashed(person_id, code):
    return salted_hmac(SALT, f"{person_id}:{code}", secret=key(), algorithm="sha256").hexdigest()


def is_settled():
    """Whether nobody will go back to the release before any more: it reads secrets in clear only."""
    applied = MigrationRecorder(connection).migration_qs.filter(app="people")
    arrived = applied.filter(name="0004_login").values_list("applied", flat=True).first()
    begun = applied.filter(name="0001_initial").values_list("applied", flat=True).first()
    if not arrived or not begun:
        return True
    return timezone.now() - arrived > bounds.SECOND_FACTOR_DELAY or arrived - begun < timedelta(days=1)


# A code counts once


def use_code(person, code):
    """The factor that a code of this person is right for, once; else None. Two at a time wait for each other."""
    code, is_unreadable = with_digits(code), False
    with transaction.atomic():
        factors = Authenticator.objects.select_for_update().filter(user=person)
        for factor in factors.exclude(type=Type.WEBAUTHN).order_by("-type"):
            try:
                is_right = (use_totp if factor.type == Type.TOTP else use_recovery_code)(factor, code)
            except UnreadableError:
                is_right, is_unreadable = False, True
            if is_right:
                factor.save(update_fields=["data"])
                return factor
    if is_unreadable:
        raise UnreadableError
    return None


def with_digits(code):
    """An Arabic keyboard may write other digits."""
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in code)


def use_totp(factor, code):
    secret = decrypted(factor.data["secret"])
    for counter in totp.yield_hotp_counters_from_time():
        is_right = compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter)))
        if is_right and counter > factor.data.get("used", 0):
            factor.data["used"] = counter
            return True
    return False


def use_recovery_code(factor, code):
    if "migrated_codes" in factor.data:
        return use_hashed_code(factor, code)
    decrypted(factor.data["seed"])
    for place, known in enumerate(RecoveryCodes(factor).generate_codes()):
        used = factor.data["used_mask"]
        if compare_user_code(actual=code, expected=known) and not used & 1 << place:
            factor.data["used_mask"] = used | 1 << place
            return True
    return False


def use_hashed_code(factor, code):
    if factor.data["key"] != key_name():
        raise UnreadableError
    typed, known = hashed(factor.user_id, normalize_user_code(code)), factor.data["migrated_codes"]
    factor.data["migrated_codes"] = [code for code in known if not constant_time_compare(code, typed)]
    return len(factor.data["migrated_codes"]) < len(known)


# What is stored


def in_clear():
    """What is to be encrypted or hashed by now: a chore does it."""
    if not is_settled():
        return []
    return [factor for factor in Authenticator.objects.exclude(type=Type.WEBAUTHN) if is_clear(factor)]


def is_clear(factor):
    if factor.type == Type.TOTP:
        return not factor.data["secret"].startswith(MARK)
    # Codes are made from their seed until they have been shown, which happens once.
    return "seed" in factor.data and (factor.data.get("viewed_at") or not factor.data["seed"].startswith(MARK))


def protect(found):
    """Encrypt secrets, and hash the recovery codes that have been shown; of how many."""
    for factor in found:
        with transaction.atomic():
            locked = Authenticator.objects.select_for_update().filter(pk=factor.pk).first()
            if locked and is_clear(locked):
                locked.data = protected(locked)
                locked.save(update_fields=["data"])
    return len(found)


def protected(factor):
    data = dict(factor.data)
    if factor.type == Type.TOTP:
        return data | {"secret": encrypted(data["secret"])}
    if not data.get("viewed_at"):
        return data | {"seed": encrypted(data["seed"])}
    codes = [hashed(factor.user_id, code) for code in RecoveryCodes(factor).get_unused_codes()]
    # allauth's own name for codes that follow from no seed; to the release before, none of them is ever right.
    return {"migrated_codes": codes, "key": key_name(), "viewed_at": data["viewed_at"]}


def is_readable(factor):
    if "key" in factor.data:
        return factor.data["key"] == key_name()
    try:
        decrypted(factor.data.get("secret") or factor.data["seed"])
    except UnreadableError:
        return False
    return True


def unreadable():
    """The people whose factors another key has encrypted."""
    factors = Authenticator.objects.exclude(type=Type.WEBAUTHN).select_related("user")
    return sorted({factor.user.username for factor in factors if not is_readable(factor)})


def warning():
    """A sentence for the operator, or nothing."""
    if not (names := unreadable()):
        return ""
    return (
        f"The second factor of these people was encrypted with another key: {', '.join(names)}. Put the FACTOR_KEY "
        "or SECRET_KEY of before into .env, or take their factors away: manage.py take_factors_away."
    )
