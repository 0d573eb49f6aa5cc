"""Addresses as people type them, and what they meant."""

import re
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _

from .plain_text import tidied

#: Marks of direction and characters without width, which come along when an address is copied; no address has them.
UNSEEN = re.compile("[\\t\\n\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff]")
#: How an address begins, also as it is mistyped: http//, http:/, https:\\, http://http://, //.
SCHEME = re.compile(r"(?:(https?)(?::[/\\]*|[/\\]{2,}))+|:?[/\\]{2,}", re.IGNORECASE)
#: The name of a host, in any script.
HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59})\.?", re.IGNORECASE)
#: Endings of files, which a lost address is more likely to mean than a site.
FILES = ("html", "htm", "php", "asp", "aspx", "pdf", "doc", "docx", "odt", "xls", "xlsx", "jpg", "jpeg", "png", "webp")
#: A telephone number, however its digits are grouped.
TELEPHONE = re.compile(r"(?:\+|00)[\d()./-]{6,30}")


def mended(address, is_link=True):
    """The address that was meant, or a ValidationError that says what to write.

    A link in a text may also lead to a place on this site, to a mailbox or to a telephone.

    >>> mended("www.ville.ma"), mended("http//ville.ma"), mended("//ville.ma"), mended("ecole@ville.ma")
    ('https://www.ville.ma', 'http://ville.ma', 'https://ville.ma', 'mailto:ecole@ville.ma')
    """
    written = UNSEEN.sub("", tidied(address)).strip()
    scheme, colon, rest = written.partition(":")
    if is_link and colon and scheme.lower() == "mailto":
        return to_mailbox(rest.lstrip("/"), address)
    if is_link and colon and scheme.lower() == "tel":
        return to_telephone(rest, address)
    if is_link and re.match(r"[#?]|/(?![/\\])", written):
        return written
    if is_link and TELEPHONE.fullmatch("".join(written.split())):
        return to_telephone(written, address)
    typed = SCHEME.match(written)
    if not typed and re.fullmatch(r"[^/?#]+@[^/?#]+(?:\?.*)?", written):
        return to_mailbox(written, address) if is_link else refuse(address)
    rest = written[typed.end() :] if typed else written
    return to_site(((typed and typed[1]) or "https").lower(), rest, address, bool(typed))


def to_site(scheme, rest, address, has_scheme):
    url = f"{scheme}://{rest.strip().replace(' ', '%20')}"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        refuse(address)
    is_number = has_scheme and re.fullmatch(r"[\d.]{7,15}|[\da-f:.]{3,45}", host)
    is_file = not has_scheme and host.rpartition(".")[2] in FILES
    if not (HOST.fullmatch(host) or is_number) or is_file or "@" in parts.netloc:
        refuse(address)
    return url


def to_mailbox(mailbox, address):
    try:
        validate_email(mailbox.partition("?")[0])
    except ValidationError:
        refuse(address)
    return f"mailto:{mailbox.replace(' ', '%20')}"


def to_telephone(number, address):
    called = dialled(number)
    if not 3 <= len(called.lstrip("+")) <= 15:
        refuse(address)
    return f"tel:{called}"


def dialled(number):
    """A telephone number as a telephone takes it: digits of any script as 0 to 9, 00 as +."""
    digits = "".join(str(int(sign)) for sign in number if sign.isdecimal())
    if "+" in number:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


#: How a telephone number stands in a text, so that it is none of a year, a date, a sum or a part of a longer number.
ALONE, BETWEEN = r"(?<![\w+/-])(?<!\d[.,  \u202f])", "(?: |[.\u202f-]|&nbsp;)"
ENDS = rf"(?!{BETWEEN}?\d|[/,]\d|\w)"
#: Two numbers are often written with a stroke between them.
AFTER_ANOTHER = r"(?<![\w+-])(?<!\D/)(?<!^/)(?<!\d[.,  \u202f])"
BEFORE_ANOTHER = rf"(?!{BETWEEN}?\d|[/,](?!0[5-8])\d|\w)"
INTERNATIONAL = re.compile(
    rf"{ALONE}(?:\(\+\d{{1,3}}\)|(?:\+ ?|00{BETWEEN}?)(?=[1-9١-٩۱-۹]))"
    rf"(?:\d|{BETWEEN}?\(0\)|{BETWEEN}(?=\d)){{8,22}}{ENDS}"
)
#: The numbers of a country as they are dialled inside it, by its code, with what takes the place of their 0 abroad.
NATIONAL = {
    "ma": (
        "+212",
        re.compile(
            rf"{AFTER_ANOTHER}[0٠۰][5-8٥-٨۵-۸](?:\d{{8}}|(?:(?P<two>{BETWEEN})\d\d(?:(?P=two)\d\d){{3}})"
            rf"|\d\d(?P<three>{BETWEEN})(?:\d\d(?P=three)\d\d(?P=three)\d\d|\d{{6}}|\d{{3}}(?P=three)\d{{3}})){BEFORE_ANOTHER}"
        ),
    )
}


def with_telephones(words, country=""):
    """A piece of HTML without elements, in which telephone numbers can be called.

    A number without the code of its country is one where a city of that country says it.
    """
    words = INTERNATIONAL.sub(lambda match: callable_number(match[0], dialled(match[0].replace("(0)", ""))), words)
    if country in NATIONAL:
        code, pattern = NATIONAL[country]
        pieces = re.split("(<a .*?</a>)", words)
        for place in range(0, len(pieces), 2):
            pieces[place] = pattern.sub(
                lambda match: callable_number(match[0], code + dialled(match[0])[1:]), pieces[place]
            )
        words = "".join(pieces)
    return words


def callable_number(written, number):
    """A figure with a sign looks much the same: + 12 000 000 stays what it is."""
    digits = number.lstrip("+")
    is_sum = len(digits) < 11 and re.fullmatch(rf"\D*\d{{1,3}}(?:{BETWEEN}\d{{3}})+", written)
    if is_sum or not 8 <= len(digits) <= 15:
        return written
    return f'<a href="tel:{number}" dir="ltr">{written}</a>'


def refuse(address):
    raise ValidationError(
        _("“%(address)s” leads nowhere. Write the whole address, such as https://www.ville.ma.")
        % {"address": address[:200]},
        code="invalid",
    )


class SiteFormField(forms.URLField):
    """The address of a site, with or without https://."""

    def to_python(self, value):
        value = forms.CharField.to_python(self, value)
        return mended(value, is_link=False) if UNSEEN.sub("", value or "").strip() else ""


class URLField(models.URLField):
    """The address of a site: what was meant by what was typed, on a form and in a file alike."""

    def to_python(self, value):
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        return mended(value, is_link=False) if UNSEEN.sub("", value).strip() else ""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": SiteFormField, "assume_scheme": "https", **kwargs})

    def deconstruct(self):
        """For migrations it is Django's own field: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
