"""What happened to an item: its changes, and what the staff say to each other about it, as one conversation."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.snapshot import tracked_fields
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.steps import HISTORY_STEPS, ITEM_STEPS, Situation
from learningcities.publishing.workflow.timeline import KINDS, MOMENTS_ON_A_PAGE, Timeline
from learningcities.publishing.workflow.way_back import UNTOUCHED, is_drafted, take_wording
from learningcities.web.primary_keys import chosen

from .beside_item import PageBesideItem
from .going_back import IN_DRAFT, IN_PLACE, NOT_BACK
from .moments import Reading, label_of, lost_side

KIND_NAMES = {
    "": _("Everything"),
    "questions": _("Questions and answers"),
    "changes": _("Changes"),
    "decisions": _("Decisions"),
}


class Words(forms.CharField):
    """A browser counts the end of a line once, and sends it as two characters."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class CommentForm(forms.Form):
    """A remark on the page or a field of it, or an answer to one, which may settle it without a word."""

    text = Words(
        label=_("your remark"),
        max_length=bounds.COMMENT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a few words first: nothing was sent.")},
    )
    key = forms.ChoiceField(label=_("what it is about"), required=False)
    settles = forms.BooleanField(label=_("The question is settled"), required=False)

    def __init__(self, *args, choices, question=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.question = question
        self.fields["key"].choices = choices
        del self.fields["key" if question else "settles"]
        if question:
            self.fields["text"].label = _("answer %(person)s") % {"person": question.author or "–"}
            self.fields["text"].required = not self.data.get("settles")

    @property
    def place(self):
        """What the new remark is about."""
        if self.question:
            return {"key": self.question.key, "answers": self.question}
        return {"key": self.cleaned_data["key"]}


class LockForm(forms.Form):
    reason = forms.CharField(
        label=_("the reason (optional)"),
        required=False,
        max_length=PageLock._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField", "dir": "auto"}),
    )


class Happened(PageBesideItem):
    """The conversation, and what may be done on its page. What is no item has changes and nothing else."""

    def __init__(self, row_admin, request, object_id):
        ContentVersion.apply_due_and_read()
        super().__init__(row_admin, request, object_id)
        if not ITEM_STEPS["comment"].may(self.situation):
            raise PermissionDenied
        self.form, self.lock_form = self.comment_form(None), LockForm()

    def respond(self):
        response = self.act() if self.request.method == "POST" else None
        return response or TemplateResponse(self.request, "admin/publishing/happened.html", self.context())

    # Read

    def context(self):
        sections, query = self.sections(), self.request.GET
        section = query.get("section") if query.get("section") in sections else ""
        kind = query.get("kind") if query.get("kind") in KINDS else ""
        timeline = Timeline(self.item, self.user, kind, frozenset(sections[section][1] if section else ()))
        number, older, shown = self.page_of(timeline.places)
        moments = list(Reading(self.situation).moments(timeline.rows(shown)))
        return {
            **self.frame(_("What happened: %s")),
            "moments": moments,
            "new": first_new(moments) if number == 1 else None,
            "older": older,
            "number": number,
            "kinds": [(name, words, timeline.count(name)) for name, words in KIND_NAMES.items()],
            "kind": kind,
            "sections": [(name, title) for name, (title, _names) in sections.items()],
            "section": section,
            "form": self.form,
            "lock_form": self.lock_form,
            **self.standing(),
            "days": bounds.PAGE_LOCK_LASTS.days,
        }

    def standing(self):
        """What may be done with an item here, and what keeps from it."""
        if not self.is_item:
            return {"steps": {}}
        return {
            "lock": self.situation.lock,
            "asked": Comment.objects.of(self.item).requests().select_related("author").first(),
            "steps": {name: step for name, step in ITEM_STEPS.items() if step.is_offered(self.situation)},
        }

    def page_of(self, places):
        """The number of the page that is asked for (1 is the newest), the places before it, and its own."""
        number = self.page_number(places)
        end = len(places) - (number - 1) * MOMENTS_ON_A_PAGE
        begin = max(end - MOMENTS_ON_A_PAGE, 0)
        return number, places[:begin], places[begin : max(end, 0)]

    def page_number(self, places):
        """That of the moment which an address names, or of the page that it asks for."""
        query = self.request.GET
        name = query.get("at") or f"change-{query.get('change', '')}"
        names = [place.name for place in reversed(places)]
        if name in names:
            return names.index(name) // MOMENTS_ON_A_PAGE + 1
        last = max((len(places) - 1) // MOMENTS_ON_A_PAGE + 1, 1)
        asked = query.get("p", "")
        return min(max(int(asked), 1), last) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1

    def sections(self):
        """Those by which it is edited: {name in an address: (title, names of fields and parts)}."""
        described = {}
        for section in self.admin.sections:
            names = [section.part] if section.part else [*section.fields, *section.columns(self.model)]
            described[section.name] = section.title, names
        return described

    # Write

    def comment_form(self, data):
        if not self.is_item:
            return None
        key = self.request.GET.get("key", "")
        known = {field.name: label(self.model, field.name) for field in tracked_fields(self.model)}
        if name := label_of(self.model, key):
            known[key] = name
        choices = [("", _("The whole page")), *known.items()]
        return CommentForm(data, choices=choices, question=self.question(data), initial={"key": key}, auto_id="%s")

    def question(self, data):
        """The remark that is answered: the one that is named, or else the last open one of a colleague."""
        questions = Comment.objects.of(self.item).questions().select_related("author")
        named = self.request.GET if data is None else data
        if key := named.get("answers"):
            return chosen(questions, key)
        if data is not None or "key" in self.request.GET:
            return None
        return questions.open().filter(kind=Comment.Kind.REMARK).exclude(author=self.user).last()

    def act(self):
        """What was pressed; nothing where a form lacks something, which is shown again."""
        data = self.request.POST
        if "take" in data:
            return self.take(*data["take"].partition(" ")[::2])
        if data.get("step") in HISTORY_STEPS:
            # A page of the release before: what it asks for is looked at first.
            change = chosen(Change.objects.of(self.item).happened(), data.get("change", ""))
            return redirect(self.admin.address("back"), self.item.pk, change.pk)
        if not self.is_item:
            raise PermissionDenied
        if "resolve" in data:
            return self.resolve(data["resolve"])
        if "reopen" in data:
            return self.reopen(data["reopen"])
        if data.get("bin") in ("restore", "ask_out"):
            return self.take_step(data["bin"])
        if "lock" in data:
            return self.lock(data)
        self.form = self.comment_form(data)
        return self.write() if self.form.is_valid() else None

    def lock(self, data):
        if data["lock"] == "release":
            return self.take_step("release", "#hold")
        self.lock_form = LockForm(data)
        return self.take_step("lock", "#hold", **self.lock_form.cleaned_data) if self.lock_form.is_valid() else None

    def take_step(self, name, place="", **data):
        try:
            if sentence := ITEM_STEPS[name].take(self.situation, **data):
                messages.success(self.request, sentence)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        return redirect(f"{self.request.path}{place}")

    def write(self):
        question, text = self.form.question, self.form.cleaned_data["text"]
        try:
            with transaction.atomic():
                comment = Comment.write(self.item, self.user, text, **self.form.place) if text else question
                if self.form.cleaned_data.get("settles"):
                    question.conversation.resolve(self.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.admin.address("changelist"))
        sent, settled = _("Your remark is sent, and those concerned are told by e-mail."), _("The remark is settled.")
        messages.success(self.request, sent if text else settled)
        return self.to(comment)

    def to(self, comment):
        return redirect(self.address(f"remark-{comment.pk}"))

    def resolve(self, key):
        comment = chosen(Comment.objects.of(self.item).words(), key)
        if comment.conversation.resolve(self.user):
            messages.success(self.request, _("The remark is settled."))
        else:
            messages.info(self.request, _("Someone has settled this remark already."))
        return self.to(comment)

    def reopen(self, key):
        comment = chosen(Comment.objects.of(self.item).words(), key)
        comment.conversation.reopen()
        messages.success(self.request, _("The remark is open again."))
        return self.to(comment)

    # One earlier wording

    def take(self, change_key, key):
        """Take up the words of one key of a change."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            # As it is once nobody else writes: it may have gone public since.
            self.item = get_object_or_404(self.admin.get_queryset(self.request), pk=self.item.pk)
            situation = Situation(self.user, self.item)
            change = chosen(Timeline(self.item, self.user).changes, change_key)
            if key not in change.patch:
                raise Http404
            if not HISTORY_STEPS["take"].may(situation) or key in UNTOUCHED or change == Reading(situation).first:
                raise PermissionDenied
            self.take_words(key, lost_side(change, key))
        return redirect(self.address(f"change-{change.pk}"))

    def take_words(self, key, value):
        try:
            with transaction.atomic():
                is_done = take_wording(self.item, self.user, key, value)
        except ValidationError as error:
            messages.error(self.request, NOT_BACK % " ".join(error.messages))
        except PermissionDenied as error:
            messages.warning(self.request, str(error))
        else:
            self.say_taken(key, is_done)

    def say_taken(self, key, is_done):
        if not is_done:
            messages.info(self.request, _("The page says this already."))
            return
        field = self.admin.admin_site.field_address(self.item, key)
        text = IN_DRAFT if is_drafted(self.item) else IN_PLACE
        messages.success(self.request, format_html('{} <a href="{}">{}</a>', text, field, _("Look at them")))


def first_new(moments):
    """The first moment that its reader can't know: what came after their own last one, or else an open question."""
    own = [number for number, moment in enumerate(moments) if moment.is_mine]
    new = moments[own[-1] + 1 :] if own else [moment for moment in moments if moment.is_open]
    return new[0].name if new else None
