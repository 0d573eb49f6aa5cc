"""The actions on a list of items: what is refused, and why, is decided row by row."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learningcities.desk.bulk_actions import each
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.steps import ITEM_STEPS, Situation, StepRule
from learningcities.text.translation import about


@dataclass(frozen=True)
class ListStep:
    """A step as an action on the chosen rows, and the sentence about a row with which there is nothing to do."""

    step: StepRule
    description: str
    is_done: Callable
    done_already: str
    done: str
    refused: str = ""
    in_bin: bool = False

    @property
    def name(self):
        return f"{self.step.name}_selected"

    def action(self):
        def act(row_admin, request, queryset):
            take_with_each(row_admin, request, queryset, self)

        act.__name__, act.short_description = self.name, self.description
        return act


ASK = _("Ask a coordinator: it has been public, or isn’t yours.")
LIST_STEPS = [
    ListStep(
        ITEM_STEPS["publish"],
        _("Publish"),
        lambda item: item.is_public(),
        _("It is public already."),
        ngettext_lazy("%(count)d row is public now.", "%(count)d rows are public now.", "count"),
    ),
    ListStep(
        ITEM_STEPS["withdraw"],
        _("Take off the site"),
        lambda item: item.withdrawn_at or not item.public_from,
        _("It is not on the site."),
        ngettext_lazy("%(count)d row is off the site.", "%(count)d rows are off the site.", "count"),
    ),
    ListStep(
        ITEM_STEPS["bin"],
        _("Move to the bin"),
        lambda item: item.binned_at,
        _("It is in the bin already."),
        ngettext_lazy("%(count)d row is in the bin.", "%(count)d rows are in the bin.", "count"),
        ASK,
    ),
    ListStep(
        ITEM_STEPS["restore"],
        _("Take out of the bin"),
        lambda item: not item.binned_at,
        _("It is not in the bin."),
        ngettext_lazy("%(count)d row is out of the bin.", "%(count)d rows are out of the bin.", "count"),
        ASK,
        in_bin=True,
    ),
]


ACTIONS = [list_step.action() for list_step in LIST_STEPS]


def hidden_actions(request, row_admin):
    """The names of those that aren't offered: nothing is deleted from a list, the bin takes the place of that."""
    anywhere = Situation(request.user, row_admin.model())
    hidden = {"delete_selected"} | {each.name for each in LIST_STEPS if not each.step.may(anywhere)}
    if request.method == "GET":
        is_bin = request.GET.get("state") == "bin"
        hidden |= {list_step.name for list_step in LIST_STEPS if list_step.in_bin != is_bin}
    return hidden


def take_with_each(row_admin, request, queryset, list_step):
    """With each row as it is once nobody else writes, and not as the list showed it."""

    def take(row):
        ContentVersion.lock_writes()
        if (item := row_admin.get_queryset(request).filter(pk=row.pk).first()) is None:
            raise ValidationError(_("It is no longer there, or you may not change it."))
        situation = Situation(request.user, item)
        if not list_step.step.may(situation):
            raise PermissionDenied(list_step.refused)
        if list_step.is_done(item):
            raise ValidationError(list_step.done_already)
        with naming_fields(item):
            list_step.step.take(situation)

    each(request, queryset, take, lambda number: list_step.done % {"count": number})


@contextmanager
def naming_fields(item):
    """What an item lacks, each sentence with the name of its field."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        fields = error.message_dict.items()
        sentences = [about(label(type(item), name), sentence) for name, lacking in fields for sentence in lacking]
        raise ValidationError(sentences) from error
