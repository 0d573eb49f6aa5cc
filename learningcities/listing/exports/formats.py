"""The formats of exports, and the response that carries one or says why not."""

from collections.abc import Callable
from contextvars import copy_context
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learningcities.publishing.version.content_version import ContentVersion
from learningcities.web import errors, rate_limits
from learningcities.web.downloads import disposition
from learningcities.web.query_errors import refusals, unknown

from .calendars import as_calendar
from .feed import as_atom
from .objects import as_geojson, as_json
from .tables import as_csv, as_xlsx


class Format(NamedTuple):
    #: What `format=` says.
    name: str
    label: str
    media_type: str
    #: The file, as the pieces in which it is made.
    pieces: Callable
    #: For programs that read it where it is, and not to be saved as a file.
    is_inline: bool = False

    @property
    def type(self):
        """The media type, without its parameters."""
        return self.media_type.partition(";")[0]


FORMATS = {
    form.name: form
    for form in (
        Format(
            "xlsx",
            gettext_lazy("Spreadsheet (XLSX)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            as_xlsx,
        ),
        Format("csv", gettext_lazy("Table (CSV)"), "text/csv; charset=utf-8; header=present", as_csv),
        Format("ics", gettext_lazy("Calendar (iCalendar)"), "text/calendar; charset=utf-8", as_calendar),
        Format("geojson", gettext_lazy("Map layer (GeoJSON)"), "application/geo+json", as_geojson),
        Format(
            "atom", gettext_lazy("News feed (Atom)"), "application/atom+xml; charset=utf-8", as_atom, is_inline=True
        ),
        Format("json", gettext_lazy("For programs (JSON)"), "application/json", as_json, is_inline=True),
    )
}


def export_response(export, name, offered):
    """The list in a format, for anyone and from any site, or the sentences that say what was wrong."""
    if seconds := rate_limits.wait(export.request, "exports"):
        return errors.too_many(export.request, seconds)
    known = [*export.filterset.names(), "page", "format"]
    wrong = unknown(export.request.GET, known) | refusals(export.filterset, export.root)
    complaints = ValidationError(wrong).messages
    if name not in offered:
        sentence = _("“%(value)s” is not a format of this list. It can be taken away as: %(formats)s.")
        complaints.insert(0, sentence % {"value": name[:40], "formats": ", ".join(offered)})
    response = refusal(complaints) if complaints else stream(export, name)
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response


def refusal(sentences):
    return HttpResponseBadRequest("".join(f"{line}\n" for line in sentences), content_type="text/plain; charset=utf-8")


def stream(export, name):
    form = FORMATS[name]
    # The content as it is now, in the language of now, however long the request is over by then.
    ContentVersion.current()
    pieces = () if export.request.method == "HEAD" else within(copy_context(), form.pieces(export))
    response = StreamingHttpResponse(pieces, content_type=form.media_type)
    response["Content-Disposition"] = disposition(f"{export.file_name}.{name}", not form.is_inline)
    return response


def within(context, pieces):
    """The pieces, each made in the context that was copied."""
    while (piece := context.run(next, pieces, None)) is not None:
        yield piece
