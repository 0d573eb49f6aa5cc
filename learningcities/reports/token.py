"""What the form carries instead of a cookie: a signed moment, which a person needs time to send back."""

import secrets

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.translation import gettext_lazy as _

from learningcities import bounds

signer = TimestampSigner(salt="learningcities.reports")


def issue():
    """One for each form that is opened, which serves for one report."""
    return signer.sign(secrets.token_urlsafe(9))


def check(token):
    """Refuse a token that isn't ours, comes back at once or is older than a day."""
    try:
        signer.unsign(token, max_age=bounds.REPORT_FORM_OLDEST)
    except BadSignature:
        raise ValidationError(_("The form was open for a long time. Nothing is lost: please send it again.")) from None
    try:
        signer.unsign(token, max_age=bounds.REPORT_FORM_YOUNGEST)
    except BadSignature:
        return
    raise ValidationError(_("That was very fast. Please wait a few seconds, then send the form again."))
