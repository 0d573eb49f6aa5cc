"""What may be wrong with what a city says of itself."""

from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from learningcities.care.issues import INCOMPLETE, IssueType, declare
from learningcities.publishing.models import Part
from learningcities.text.translation import LANGUAGES, about, lacking

from .models import City, CityFigure, Document, LearningPlace, Photo, Recognition


def undescribed_languages(photo):
    return [language for language in LANGUAGES if getattr(photo, f"lacks_{language}")]


DOUBTFUL = IssueType(
    10,
    "doubtful",
    _("documents that would not be taken today"),
    _("Send the file anew in the way that is said beside it; until then, it can be taken off the site."),
    describe=lambda document: str(document.doubt_shown),
    counted=ngettext_lazy(
        "%(count)d document would not be taken today", "%(count)d documents would not be taken today", "count"
    ),
    verb=_("Send anew"),
    anchor=lambda document: "id_file",
)
CONSENT = IssueType(
    15,
    "consent",
    _("photos whose consent runs out"),
    _("Ask those whom the photo shows again and write the new date, or take the photo off the site."),
    describe=lambda photo: date_format(photo.consent_until, "DATE_FORMAT"),
    counted=ngettext_lazy("%(count)d photo whose consent runs out", "%(count)d photos whose consent runs out", "count"),
    verb=_("Ask again"),
    anchor=lambda photo: "id_consent_until",
)
UNSOURCED = IssueType(
    40,
    "unsourced",
    _("statements without a source"),
    _("Say who says so, where and when."),
    describe=str,
    counted=ngettext_lazy("%(count)d statement without a source", "%(count)d statements without a source", "count"),
    verb=_("Give the source"),
    anchor=lambda place: f"id_{lacking(place, ['name', 'source'])[-1]}",
)
UNDESCRIBED = IssueType(
    50,
    "undescribed",
    _("photos without alternative text"),
    _("Say in one sentence what the photo shows, or tick “decorative”."),
    describe=lambda photo: ", ".join(get_language_info(code)["name_local"] for code in undescribed_languages(photo)),
    counted=ngettext_lazy(
        "%(count)d photo that doesn’t say what it shows", "%(count)d photos that don’t say what they show", "count"
    ),
    verb=_("Describe"),
    anchor=lambda photo: f"id_alternative_{undescribed_languages(photo)[0]}",
)
OUTDATED = IssueType(
    70,
    "outdated",
    _("figures older than five years"),
    _("Add a newer figure beside it, with its year and source."),
    describe=lambda row: about(row, row.year) if isinstance(row, Part) else str(row.year),
    counted=ngettext_lazy("%(count)d figure older than five years", "%(count)d figures older than five years", "count"),
    verb=_("Bring up to date"),
    anchor=lambda place: "id_year",
)

figures = CityFigure.objects.select_related("indicator")
declare(DOUBTFUL, Document.objects.doubtful)
declare(CONSENT, Photo.objects.consent_ending)
declare(UNSOURCED, LearningPlace.objects.unsourced, Recognition.objects.unsourced, figures.unsourced)
declare(UNDESCRIBED, Photo.objects.undescribed)
declare(OUTDATED, LearningPlace.objects.outdated, figures.outdated)
declare(INCOMPLETE, City.objects.incomplete)
