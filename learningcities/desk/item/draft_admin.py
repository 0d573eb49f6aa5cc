"""Drafts in the admin: what is saved on the form of a live item is a Change until a coordinator makes it live."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import (
    CHANGE_STEPS,
    FORM_STEPS,
    ITEM_STEPS,
    Situation,
    pressed,
    publishes,
    writes,
)
from learningcities.text.dates import format_moment
from learningcities.text.translation import about

from .editing import CHOOSE
from .form import ItemForm, MomentField, words_along
from .form_lines import lines_of
from .state_line import dates, discard_step, notes, shown
from .tracked_admin import TrackedAdmin

#: The buttons by which a coordinator makes live what is on the form: nothing else does.
LIVE_STEPS = {f"_{step.name}" for step in FORM_STEPS if step.becomes in ("apply", "schedule")}
#: What is said once the draft that a form has saved has taken a step, and where it can't.
SAID = {
    "send": (
        _("Your change of “%(item)s” is sent for review. Visitors see the page as it was until it is published."),
        _("The draft of “%(item)s” is saved, but it can't be sent for review yet. This is missing:"),
    ),
    "apply": (
        _("“%(item)s” is published: visitors see it now."),
        _("The draft is saved, but it can't be published:"),
    ),
    "schedule": (
        _("The change of “%(item)s” is scheduled: visitors see it from %(moment)s on."),
        _("The draft is saved, but it can't be scheduled:"),
    ),
    "": (_("The draft of “%(item)s” is saved. Visitors see the page as it was."), ""),
}
#: Where a session keeps the item that can't be sent yet, and the word that was to go along with it.
UNSENT = "unsent_word"


class DraftAdmin(TrackedAdmin):
    """A save of a live item keeps a draft: always an editor's, a coordinator's if they ask for one or have one."""

    form = ItemForm
    change_form_template = "admin/publishing/item_change_form.html"
    formfield_overrides = {models.DateTimeField: {"form_class": MomentField}}

    def may_publish(self, request):
        return publishes(Situation(request.user))

    def must_wait(self, request, item):
        return item.public_from is not None and not self.may_publish(request)

    def keeps_draft(self, request, item):
        """Whether what is on the form is a draft: always, unless a coordinator's button says otherwise."""
        is_draft = not LIVE_STEPS & request.POST.keys() or ("_schedule" in request.POST and item.was_public)
        return item.public_from is not None and bool(
            not self.may_publish(request) or (request.method == "POST" and is_draft) or getattr(request, "draft", None)
        )

    def get_object(self, request, object_id, from_field=None):
        item = super().get_object(request, object_id, from_field)
        if item:
            if request.method == "POST":
                item.locked_by_another = PageLock.objects.of(item).against(request.user).first()
            goes_live = self.may_publish(request) and LIVE_STEPS & request.POST.keys()
            item.is_drafted = self.keeps_draft(request, item) and not goes_live
        return item

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if request.method == "GET" and obj and request.session.get(UNSENT, [""])[0] == str(obj.uuid):
            form.initial["comment"] = request.session.pop(UNSENT)[1]
        draft = getattr(request, "draft", None)
        others = Change.objects.of(obj).unfinished().exclude(pk=draft and draft.pk) if obj else Change.objects.none()
        seen = set(others.seen_by(request.user).values_list("pk", flat=True))
        others = others.select_related("author")
        has_asked = any(other.author == request.user and other.state == Change.State.REVIEW for other in others)
        is_drafting = getattr(request, "is_drafting", False)
        situation = Situation(request.user, obj or self.model(), draft, is_drafting, has_asked)
        offered = self.form_steps(situation)
        context |= {
            "state": obj and Item.State(obj.state).label,
            "dates": dates(obj) if obj else [],
            "shown": shown(situation),
            "item_changes": [(other, other.pk in seen) for other in others],
            "is_live": situation.is_live,
            "offered": {step.name: step for step in offered},
            "may_save": writes(situation),
            "lines": lines_of(offered, form) if writes(situation) and not context.get("is_closed") else [],
            "notes": notes(situation),
            "discard": draft and discard_step(situation),
            "duplicate": ITEM_STEPS["duplicate"].is_offered(situation) and ITEM_STEPS["duplicate"],
            "bin": ITEM_STEPS["bin"].is_offered(situation) and ITEM_STEPS["bin"],
            "sends": "send" in {step.name for step in offered} and draft and draft.is_in_hand,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def form_steps(self, situation):
        """The buttons of the form, in their order."""
        return [step for step in FORM_STEPS if step.is_offered(situation)]

    # What becomes of the draft that was saved

    def keep_draft(self, request, merge):
        item = merge.row
        if merge.patch:
            change = Change.save_draft(item, request.user, merge.patch, merge.decided)
            if merge.clashes:
                messages.warning(request, CHOOSE)
            else:
                self.go_on(request, change)
        elif request.draft:
            # The draft says nothing any more that visitors don't see.
            request.draft.discard(request.user)
            messages.info(request, _("“%(item)s” is as visitors see it: the draft is gone.") % {"item": item})
        elif not self.has_other_step(request, item):
            messages.info(request, _("“%(item)s” is as it was: nothing had to be saved.") % {"item": item})
        if self.may_publish(request) and not merge.clashes:
            self.response_step(request, item)

    def has_other_step(self, request, item):
        """Whether the button does something with the item besides saving the form: take it off the site, say."""
        situation = Situation(request.user, item, is_drafting=True)
        return any(step.act and step.is_offered(situation) for step in pressed(request.POST, situation))

    def go_on(self, request, change):
        """What becomes of the draft: what the button says; without one it stays a draft, or goes on waiting."""
        situation = Situation(request.user, change.item, change)
        becomes = next((step.becomes for step in pressed(request.POST, situation)), "")
        if self.may_publish(request):
            if not becomes and change.state != Change.State.OPEN:
                change.transition(Change.State.OPEN)
        elif change.state == Change.State.REVIEW:
            becomes = "send"
        done, missing = SAID[becomes]
        if not becomes and change.state == Change.State.SCHEDULED:
            done, missing = SAID["schedule"]
        try:
            if becomes:
                step = CHANGE_STEPS[becomes]
                step.take(situation, **words_along(request, step))
        except ValidationError as error:
            self.say_missing(request, change.item, missing % {"item": change}, error)
        else:
            moment = change.due_at and format_moment(change.due_at)
            messages.success(request, done % {"item": change, "moment": moment})

    def say_missing(self, request, item, text, error):
        """A list of what is missing, each with the way to its field."""
        if word := request.POST.get("comment"):
            request.session[UNSENT] = [str(item.uuid), word]
        lines = [
            (PatchKey.parse(name).name, label(self.model, name), sentence)
            for name, sentences in getattr(error, "message_dict", {"": error.messages}).items()
            for sentence in sentences
        ]
        listed = format_html_join("", "<li>{}</li>", ((self.way_to(*line),) for line in lines))
        messages.error(request, format_html("{}<ul>{}</ul>", text, listed))

    def way_to(self, name, words, sentence):
        if not words:
            return sentence
        target = f"{name}-group" if name in self.model.parts else f"id_{name}"
        return format_html('<a href="#{}">{}</a>{}', target, words, about("", sentence))
