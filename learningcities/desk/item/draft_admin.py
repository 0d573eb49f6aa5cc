"""The admin of drafts: what is saved on the form of a live item is a Change until a coordinator makes it live."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.translator_rights import forbidden_keys
from learningcities.publishing.workflow.change import Change
from learningcities.text.dates import format_moment
from learningcities.text.translation import about

from .editing import CHOOSE
from .form import ItemForm, MomentField
from .tracked_admin import TrackedAdmin

#: The buttons by which a coordinator makes live what is on the form: nothing else does.
LIVE_STEPS = {"_save", "_publish", "_schedule"}
#: Where a session keeps the item that can't be sent yet, and the word that was to go along with it.
UNSENT = "unsent_word"


class DraftAdmin(TrackedAdmin):
    """A save of a live item keeps a draft: always an editor's, a coordinator's if they ask for one or have one."""

    form = ItemForm
    change_form_template = "admin/publishing/item_change_form.html"
    formfield_overrides = {models.DateTimeField: {"form_class": MomentField}}

    def may_publish(self, request):
        return request.user.has_perm("publishing.publish")

    has_publish_permission = may_publish

    def must_wait(self, request, item):
        return item.public_from is not None and not self.may_publish(request)

    def keeps_draft(self, request, item):
        """Whether what is on the form is a draft: always, unless a coordinator's button says otherwise."""
        asked = not LIVE_STEPS & request.POST.keys() or ("_schedule" in request.POST and item.was_public)
        return item.public_from is not None and bool(
            not self.may_publish(request) or (request.method == "POST" and asked) or getattr(request, "draft", None)
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
        if request.method == "GET" and obj and request.session.get(UNSENT, [""])[0] == str(obj.uuid):
            context["adminform"].form.initial["comment"] = request.session.pop(UNSENT)[1]
        draft = getattr(request, "draft", None)
        others = Change.objects.of(obj).unfinished().exclude(pk=draft and draft.pk) if obj else Change.objects.none()
        seen = set(others.seen_by(request.user).values_list("pk", flat=True))
        others = others.select_related("author")
        context |= {
            "may_publish": self.may_publish(request),
            "may_ask": not forbidden_keys(request.user, self.model, ["public_from"]),
            "must_wait": bool(obj and self.must_wait(request, obj)),
            "is_live": bool(obj and (obj.was_public or getattr(request, "is_drafting", False))),
            "is_later": bool(obj and obj.state == Item.State.LATER),
            "state": obj and Item.State(obj.state).label,
            "item_changes": [(one, one.pk in seen) for one in others],
            "has_asked": any(one.author == request.user and one.state == Change.State.REVIEW for one in others),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # What becomes of the draft that was saved

    def keep_draft(self, request, merge):
        item, steps = merge.row, request.POST.keys()
        if merge.patch:
            change = Change.save_draft(item, request.user, merge.patch, merge.decided)
            if merge.clashes:
                messages.warning(request, CHOOSE)
            elif self.may_publish(request):
                self.take_coordinators_step(request, change, steps)
            else:
                self.take_editors_step(request, change, steps)
        elif request.draft:
            # What visitors see again is no longer wished for.
            request.draft.discard(request.user)
            messages.info(request, _("“%(item)s” is as visitors see it: the draft is gone.") % {"item": item})
        elif not {"_restore", "_withdraw"} & steps:
            messages.info(request, _("“%(item)s” is as it was: nothing had to be saved.") % {"item": item})
        if self.may_publish(request) and not merge.clashes:
            self.response_step(request, item)

    def take_editors_step(self, request, change, steps):
        if "_send" in steps or change.state == Change.State.REVIEW:
            self.send(request, change)
        elif change.state == Change.State.SCHEDULED:
            self.say_scheduled(request, change)
        else:
            self.say_kept(request, change)

    def take_coordinators_step(self, request, change, steps):
        if "_schedule" in steps:
            self.schedule(request, change)
        elif LIVE_STEPS & steps:
            self.apply(request, change)
        else:
            if change.state != Change.State.OPEN:
                change.transition(Change.State.OPEN)
            self.say_kept(request, change)

    def send(self, request, change):
        try:
            change.send(request.POST.get("comment", "").strip())
        except ValidationError as error:
            text = _("The draft of “%(item)s” is saved, but it can't be sent for review yet. This is missing:")
            self.say_missing(request, change.item, text % {"item": change}, error)
        else:
            text = _("Your change of “%(item)s” waits for a coordinator. Visitors see the page as it was until then.")
            messages.success(request, text % {"item": change})

    def apply(self, request, change):
        try:
            change.apply(by=request.user)
        except ValidationError as error:
            self.say_missing(request, change.item, _("The draft is saved, but it can't be published:"), error)
        else:
            messages.success(request, _("“%(item)s” is saved: visitors see it now.") % {"item": change})

    def schedule(self, request, change):
        due = MomentField().clean(request.POST["due"])
        try:
            change.schedule(due, by=request.user)
        except ValidationError as error:
            self.say_missing(request, change.item, _("The draft is saved, but it can't be scheduled:"), error)
        else:
            self.say_scheduled(request, change)

    def say_kept(self, request, change):
        text = _("The draft of “%(item)s” is saved. Visitors see the page as it was.")
        messages.success(request, text % {"item": change})

    def say_scheduled(self, request, change):
        text = _("The change of “%(item)s” is scheduled: visitors see it from %(moment)s on.")
        messages.success(request, text % {"item": change, "moment": format_moment(change.due_at)})

    def say_missing(self, request, item, text, error):
        """A list of what is missing, each with the way to its field."""
        if word := request.POST.get("comment"):
            request.session[UNSENT] = [str(item.uuid), word]
        lines = [
            (PatchKey.parse(name).name, label(self.model, name), sentence)
            for name, sentences in getattr(error, "message_dict", {"": error.messages}).items()
            for sentence in sentences
        ]
        said = format_html_join("", "<li>{}</li>", ((self.way_to(*line),) for line in lines))
        messages.error(request, format_html("{}<ul>{}</ul>", text, said))

    def way_to(self, name, words, sentence):
        if not words:
            return sentence
        target = f"{name}-group" if name in self.model.parts else f"id_{name}"
        return format_html('<a href="#{}">{}</a>{}', target, words, about("", sentence))
