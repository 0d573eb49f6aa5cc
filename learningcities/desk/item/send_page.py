"""The panel by which an item is sent or published: a word along with it, from when and until when, what is missing."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from learningcities import bounds
from learningcities.desk.moment_field import HiddenMoment, MomentField, check_to_come
from learningcities.publishing.patches.patch_display import label, lines_of
from learningcities.publishing.patches.snapshot import plain
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import CHANGE_STEPS, ITEM_STEPS, Situation, asks
from learningcities.text.dates import format_moment
from learningcities.text.translation import about

from .item_view import ItemView
from .outline import Outline

AT_ONCE = _("What visitors knew is published again at once, and not at a time.")
NOTHING = _("Nothing has been changed that visitors don't see already.")
SENT = _("Your change of “%(item)s” is sent for review. Visitors see the page as it was until it is published.")
TWO_TEXTS = _("Choose first between the two versions of the same text, on the page.")
ENDS_NOW = _("Meanwhile someone has set another end: %(moment)s. If yours is right, press again.")
ENDS_NO_MORE = _("Meanwhile someone has taken the end away. If yours is right, press again.")
ASKED = _("“%(item)s” is sent for review.")


class SendForm(forms.Form):
    comment = forms.CharField(
        label=_("A word to the coordinators (optional)"),
        required=False,
        max_length=bounds.COMMENT_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("as soon as possible")), ("from", _("from a moment on"))],
        widget=forms.RadioSelect,
        initial="now",
    )
    due = MomentField(required=False, label=_("from"))
    until = MomentField(required=False, label=_("until"), show_hidden_initial=True)

    use_required_attribute = False

    def __init__(self, data=None, until=None):
        super().__init__(data, initial={"until": until}, label_suffix="")

    def clean(self):
        cleaned = super().clean()
        self.check_end()
        if cleaned.get("when") == "from":
            check_to_come(self)
        else:
            cleaned["due"] = None
        start, end = cleaned.get("due") or moment(), cleaned.get("until")
        if end and end <= start:
            self.add_error("until", _("“Until” must come after “from”."))
        return cleaned

    def check_end(self):
        """An end that nobody touched stays as it is by now; one that two have changed is shown to the second first."""
        end, name = self.initial["until"], self.add_initial_prefix("until")
        if "until" not in self.changed_data:
            self.cleaned_data["until"] = end
            return
        now = HiddenMoment().format_value(self.fields["until"].prepare_value(end)) or ""
        if self.data.get(name, now) != now:
            self.data = self.data | {name: now}
            self.add_error("until", ENDS_NOW % {"moment": format_moment(end)} if end else ENDS_NO_MORE)


class SendView(ItemView):
    template = "admin/item/send.html"

    def get(self, request):
        return self.page(SendForm(until=self.editing.row.public_until))

    def page(self, form, refused=None):
        situation, editing = self.situation, self.editing
        outline = Outline(editing, self.row_admin)
        lacks = refused or []
        if form.is_bound or not situation.is_binned:
            lacks += self.lacks_of_photos()
            lacks += [one for one in told_of(self.site, self.item, editing.lacks()) if one not in lacks]
        told = {sentence for address, _words, sentence in lacks if address}
        lacks = [one for one in lacks if one[0] or one[2] not in told]
        context = {
            **self.site.each_context(self.request),
            "title": _("Publish: %s") % self.item if self.publishes else _("Send for review: %s") % self.item,
            "opts": self.row_admin.opts,
            "original": self.item,
            "colour": getattr(getattr(self.item, "card", None), "colour", ""),
            "form": form,
            "publishes": self.publishes,
            "draft": editing.draft,
            "lines": list(lines_of(type(self.item), editing.patch)),
            "clashes": editing.clashes,
            "lacks": lacks,
            "waiting": self.waiting(),
            "better": [(card.section, gap) for card in outline.cards for gap in card.gaps],
            "is_public": self.item.state == self.item.State.PUBLIC,
            "was_public": self.item.was_public,
            "withdraw": ITEM_STEPS["withdraw"] if ITEM_STEPS["withdraw"].is_offered(situation) else None,
        }
        return TemplateResponse(self.request, self.template, context)

    @property
    def publishes(self):
        return self.request.user.has_perm("publishing.publish")

    def waiting(self):
        """The changes of others that wait for a decision, for whoever takes it: this doesn't publish them."""
        if not self.publishes:
            return []
        changes = Change.objects.of(self.item).waiting().exclude(author=self.request.user)
        return list(changes.seen_by(self.request.user).select_related("author"))

    def lacks_of_photos(self):
        """What keeps a photo that would go public along from it, each with the way to where the photo says it."""
        return [
            (self.site.field_address(photo, key), label(type(photo), key), about(photo, sentence))
            for photo in self.editing.row.carried()
            if photo.state in (photo.State.NEVER, photo.State.LATER)
            for key, sentence in photo.missing().items()
        ]

    def post(self, request):
        form = SendForm(request.POST.dict(), until=self.editing.row.public_until)
        if not form.is_valid():
            return self.page(form)
        try:
            with transaction.atomic():
                sentence = self.publish(**form.cleaned_data) if self.publishes else self.send(**form.cleaned_data)
        except ValidationError as error:
            if not hasattr(error, "message_dict"):
                messages.warning(request, " ".join(error.messages))
                return self.page(form)
            messages.warning(request, _("It is saved, but this is still missing."))
            return self.page(form, told_of(self.site, self.item, error.message_dict))
        messages.success(request, sentence % {"item": self.item})
        return redirect(self.address("change"))

    def end(self, until):
        """The end goes along as a change like any other."""
        before, wish = self.editing.live.get("public_until"), plain(until)
        return {"public_until": [before, wish]} if wish != self.editing.shown.get("public_until") else {}

    def end_at(self, until):
        if step := self.end(until):
            self.editing.keep(self.editing.with_step(step))

    def send(self, comment, due, until, **_when):
        if not asks(self.situation) and self.editing.is_direct:
            raise ValidationError(ITEM_STEPS["ask"].why_not(self.situation))
        if self.editing.clashes:
            raise ValidationError(TWO_TEXTS)
        wish = {"comment": comment, "wanted_at": due}
        if self.editing.is_direct:
            self.settle()
            ITEM_STEPS["ask"].take(self.situation, end=self.end(until), **wish)
            return ASKED
        self.end_at(until)
        change = self.editing.draft
        if change is None:
            raise ValidationError(NOTHING)
        CHANGE_STEPS["send"].take(Situation(self.request.user, self.item, change), **wish)
        return SENT

    def settle(self):
        """What is still in a draft goes to the row first, or says what keeps it from there."""
        if self.editing.draft and (wrong := self.editing.settle(self.editing.draft)):
            raise ValidationError(wrong)
        self.editing.forget()

    def publish(self, due, until, **_rest):
        if self.editing.clashes:
            raise ValidationError(TWO_TEXTS)
        if self.editing.is_direct:
            self.settle()
        self.end_at(until)
        if self.editing.is_direct:
            step = ITEM_STEPS["schedule"] if due else ITEM_STEPS["publish"]
            return step.take(self.situation, **({"due": due} if due else {}))
        return self.publish_change(due) if self.editing.draft else self.publish_again(due)

    def publish_change(self, due):
        situation = Situation(self.request.user, self.item, self.editing.draft)
        if due:
            return CHANGE_STEPS["schedule"].take(situation, due=due)
        said = CHANGE_STEPS["apply"].take(situation)
        self.editing.forget()
        return said if self.item.state == self.item.State.PUBLIC else self.publish_again()

    def publish_again(self, due=None):
        if self.item.state == self.item.State.PUBLIC:
            raise ValidationError(NOTHING)
        if due and self.item.was_public:
            raise ValidationError(AT_ONCE)
        if due:
            return ITEM_STEPS["schedule"].take(self.situation, due=due)
        return ITEM_STEPS["publish"].take(self.situation)


def told_of(site, item, lacks):
    """What is missing, each with the way to where it is written: [(address, words, sentence)]."""
    return [
        (key and site.field_address(item, key), key and label(type(item), key), sentence)
        for key, sentences in lacks.items()
        for sentence in sentences
    ]
