"""Dates as precise as they are known: 2020, 2020-09 or 2020-09-23 (ISO 8601, reduced precision); moments in words."""

import calendar
import datetime
import re
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import dateformat, formats
from django.utils.dates import MONTHS
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from .folding import fold
from .translation import LANGUAGES

ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})$")
IN_WORDS = re.compile(r"(?:(\d{1,2})(?:er)?\s+)?([^\W\d_]+)\s+(\d{4})$")


class DateFormat(dateformat.DateFormat):
    """With the one ordinal that French dates have: "jS" is 1er, 2, 3."""

    def S(self):  # noqa: N802 - the letter of the format
        if get_language() == "fr":
            return "er" if self.data.day == 1 else ""
        return super().S()


# Filters and formats of Django make their dates with the class that stands there.
dateformat.DateFormat = DateFormat


@cache
def months():
    """The number of each month by its name in the languages of the site, in any spelling."""
    numbers = {}
    for language in LANGUAGES:
        with override(language):
            numbers |= {fold(str(name)): number for number, name in MONTHS.items()}
    return numbers


def parse(text):
    """The ISO form of 2020, 09/2020, 23/09/2020, “23 septembre 2020” or ISO itself; ValueError for anything else."""
    if match := ISO.match(text):
        parts = [int(part) for part in match.groups() if part]
    elif match := DAY_FIRST.match(text):
        parts = [int(part) for part in reversed(match.groups()) if part]
    elif (match := IN_WORDS.match(text)) and (month := months().get(fold(match[2]))):
        parts = [int(match[3]), month, *([int(match[1])] if match[1] else [])]
    else:
        raise ValueError(text)
    datetime.date(*parts, *[1] * (3 - len(parts)))
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def display(iso):
    """The date in the reader's language: 2020, septembre 2020, 23 septembre 2020; nothing for nothing."""
    if not iso:
        return ""
    if len(iso) == 4:
        return iso
    return formats.date_format(first_day(iso), "DATE_FORMAT" if is_exact(iso) else "YEAR_MONTH_FORMAT")


def format_moment(moment):
    """A date and time in the reader's language, by the clocks of the site."""
    return formats.date_format(localtime(moment), "DATETIME_FORMAT")


def near_day(moment):
    """The day of a moment as one says it: today, yesterday, 25 November, 25 November 2025."""
    day, today = localtime(moment).date(), localtime().date()
    near = {today: _("today"), today - datetime.timedelta(days=1): _("yesterday")}
    form = "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT"
    return str(near[day]) if day in near else formats.date_format(day, form)


def near_moment(moment):
    """The same, with the time where it is near."""
    at = localtime(moment)
    if localtime().date() - at.date() > datetime.timedelta(days=1):
        return near_day(moment)
    return _("%(day)s, %(time)s") % {"day": near_day(moment), "time": formats.date_format(at, "TIME_FORMAT")}


def is_exact(iso):
    return len(iso) == 10


def exact(iso):
    """A date for programs where the day is known, otherwise the ISO text."""
    return first_day(iso) if is_exact(iso) else iso


def first_day(iso):
    """The day itself, or the first of the month or the year."""
    parts = [int(part) for part in iso.split("-")]
    return datetime.date(*parts, *[1] * (3 - len(parts)))


def last_day(iso):
    """The day itself, or the last of the month or the year."""
    if is_exact(iso):
        return first_day(iso)
    first = first_day(f"{iso}-12" if len(iso) == 4 else iso)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def checked(text):
    """The ISO form of a date as it is typed; ValidationError for what is none."""
    try:
        return parse(text)
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is not a date. Write a year (2020), a month (09/2020) or a day (23/09/2020)."),
            params={"value": Truncator(text).chars(80)},
        ) from None


class DayFirst(forms.TextInput):
    """Shows a date as staff write it: 23/09/2020."""

    def format_value(self, value):
        return "/".join(reversed(value.split("-"))) if value and ISO.match(value) else value


class PartialDateFormField(forms.CharField):
    def to_python(self, value):
        value = super().to_python(value)
        return value and checked(value)


class PartialDateField(models.CharField):
    """A year, a month or a day; stored as ISO text, which sorts as the dates do."""

    description = _("a date as precise as it is known")

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def formfield(self, **kwargs):
        widget = DayFirst(attrs={"class": "vTextField", "dir": "ltr"})
        return super().formfield(**kwargs | {"form_class": PartialDateFormField, "widget": widget})

    def to_python(self, value):
        value = super().to_python(value)
        return value and checked(value.strip())
