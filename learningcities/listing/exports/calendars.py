"""When things happen, for calendars: iCalendar (RFC 5545)."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from learningcities.text.dates import first_day, is_exact

from .columns import printable

DAY = timedelta(days=1)
PLACE = ("city", "region", "country")


def as_calendar(export):
    """An event for each row of which the first and the last day are known, one at a time.

    What is known to the month or the year only would stand on days that nobody has named, and what has no end goes on:
    a calendar would show it on one day. So neither is an event.
    """
    calendar = Calendar.new(
        prodid=f"-//{export.publisher}//{export.language}",
        name=export.title,
        description=_("Only what has a day for its start and for its end."),
        uid=export.address,
    )
    head, end, _nothing = calendar.to_ical().partition(b"END:VCALENDAR")
    yield head
    for row, record in export.records("title", "url", "summary", "start", "end", *PLACE):
        if all(is_exact(str(record[key])) for key in ("start", "end")):
            yield event(row, record, export.categories(record)).to_ical()
    yield end + b"\r\n"


def event(row, record, categories):
    first, last = (first_day(str(record[key])) for key in ("start", "end"))
    return Event.new(
        uid=row.uuid,
        summary=printable(record["title"]),
        description=printable(record["summary"]),
        location=printable(", ".join(record[key] for key in PLACE)),
        categories=categories,
        url=record["url"],
        start=first,
        # A calendar's end is the day after the last.
        end=min(last, date.max - DAY) + DAY,
        # A project that runs for years leaves its readers free.
        transparency="TRANSPARENT",
        stamp=row.changed_at,
        last_modified=row.changed_at,
    )
