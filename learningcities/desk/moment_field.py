"""A date and time to the minute, for whatever happens at a moment to come."""

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.version.content_version import moment

#: A time zone is known by its city (Africa/Casablanca).
TIME_ZONE = format_lazy(
    _("Date and time to the minute, by the clocks of {city}."),
    city=settings.TIME_ZONE.rpartition("/")[2].replace("_", " "),
)


MINUTE = "%Y-%m-%dT%H:%M"


class HiddenMoment(forms.DateTimeInput):
    """What a field of a moment showed when its page was opened."""

    input_type = "hidden"

    def __init__(self, attrs=None):
        super().__init__(attrs, format=MINUTE)


class MomentField(forms.DateTimeField):
    """A date and time to the minute, in the site's time zone, chosen in one field."""

    hidden_widget = HiddenMoment

    def __init__(self, **options):
        widget = forms.DateTimeInput(format=MINUTE, attrs={"type": "datetime-local", "dir": "ltr"})
        super().__init__(**{"label": _("date and time"), "help_text": TIME_ZONE, **options, "widget": widget})


def check_to_come(form):
    """The moment that a step is meant for must be named and must lie ahead."""
    if "due" not in form.errors:
        if not (due := form.cleaned_data.get("due")):
            form.add_error("due", _("Choose a date and time."))
        elif due <= moment():
            form.add_error("due", _("This moment has passed. Choose one to come."))
