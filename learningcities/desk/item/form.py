"""The form of an item, and what goes along with a step: a word to a colleague, a date and time."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.history.where_used import refuse_while_used
from learningcities.publishing.patches.snapshot import make_room
from learningcities.publishing.version.content_version import moment

from .tracked_admin import TrackedForm

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


def words_along(request, step):
    """What a button sends along for its step."""
    if step.needs == "due":
        return {"due": MomentField().clean(request.POST["due"])}
    return {step.needs: request.POST.get(step.needs, "").strip()} if step.needs else {}


class ItemForm(TrackedForm):
    comment = forms.CharField(
        label=_("a word to the coordinators (optional)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    due = MomentField(required=False)

    def clean(self):
        cleaned = super().clean()
        if self.instance.locked_by_another:
            self.add_error(None, self.instance.locked_by_another.sentence)
        if "_schedule" in self.data:
            check_to_come(self)
        start, end = self.instance.public_from, cleaned.get("public_until")
        if start and end and end <= start:
            self.add_error("public_until", _("“Public until” must come after “public from”."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if must_be_complete(self.instance):
            for name, sentence in self.instance.missing().items():
                self.add_error(name if name in self.fields else None, sentence)


def must_be_complete(item):
    """A draft may lack what only publication needs."""
    return bool(item.public_from) and not item.is_drafted


class PartFormSet(BaseInlineFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.max_num = self.absolute_max = len(self.get_queryset()) + bounds.NEW_PART_ROWS

    def save_existing_objects(self, commit=True):
        changed = {form.instance.pk: form.changed_data for form in self.initial_forms if form.has_changed()}
        make_room(self.model, changed)
        return super().save_existing_objects(commit)

    def clean(self):
        """A row must still be there, and those of a public item can't lack what a public row needs."""
        super().clean()
        if any(form.instance._state.adding for form in self.initial_forms):
            raise ValidationError(
                _("A row of this form is no longer there: someone has removed it. Load the page again.")
            )
        for form in self.deleted_forms:
            refuse_while_used(form.instance)
        if must_be_complete(self.instance):
            for form in self.forms:
                if form.has_changed() and not self._should_delete_form(form):
                    for name, sentence in form.instance.missing().items():
                        form.add_error(name if name in form.fields else None, sentence)
