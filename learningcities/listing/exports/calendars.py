"""When things happen, for calendars: iCalendar (RFC 5545)."""

from datetime import date, timedelta

from icalendar import Calendar, Event

from learningcities.dates import first_day, last_day

from .columns import printable

DAY = timedelta(days=1)
PLACE = ("city", "region", "country")


def as_calendar(export):
    """An event for each row that has a start, one at a time."""
    calendar = Calendar.new(prodid=f"-//{export.publisher}//{export.language}", name=export.title, uid=export.address)
    head, end, _nothing = calendar.to_ical().partition(b"END:VCALENDAR")
    yield head
    for row, record in export.records("title", "url", "summary", "start", "end", *PLACE):
        if record["start"]:
            yield event(row, record, export.categories(record)).to_ical()
    yield end + b"\r\n"


def event(row, record, categories):
    """From the first day of its start to the last of its end; without an end, the first day."""
    first = first_day(str(record["start"]))
    last = last_day(str(record["end"])) if record["end"] else first
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
