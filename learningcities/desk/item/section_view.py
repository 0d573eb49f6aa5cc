"""What the one small form of a section sends: words to be kept, rows to be taken out, moved or put back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learningcities.publishing.history.tracking import acting
from learningcities.publishing.patches.patch_display import labels
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import same, with_row_fields
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.translator_rights import forbidden_keys, refusal
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.conflicts import clashes
from learningcities.text.translation import LANGUAGES, listed
from learningcities.web.primary_keys import is_possible

from .item_page import ItemPage
from .item_view import forget_copy
from .preview import make_preview
from .section_form import SectionForm

RESTORED = gettext_lazy("This is what you had typed. It isn't saved yet: look at it, then save.")
DOUBLED = gettext_lazy(
    "You have changed the same text in another window. Look at both, then save the one that is right."
)
OVERTAKEN = gettext_lazy("Someone else has changed the same text. Look at both, then save the one that is right.")
SAVED_BY = gettext_lazy(
    "%(people)s has saved this page since you opened it: %(fields)s. When you save, nobody's words are lost."
)
KEPT_OF = gettext_lazy("%(people)s has saved this page since you opened it: %(fields)s. Nobody’s words are lost.")
#: Of the one form of all fields, which a release before has shown.
FORMER = gettext_lazy(
    "That form is older than these pages, and nothing of it is saved. This browser keeps what you typed."
)
IN_BIN = gettext_lazy("A page in the bin isn’t changed. Take it out first.")
NOTHING_TYPED = gettext_lazy("Nothing was typed, so nothing is added.")


class SectionView(ItemPage):
    """The outline with one section open, and what its form sends."""

    def post(self, request, section="", row=""):
        self.find(section, row)
        if self.section is None:
            messages.warning(request, FORMER)
            return self.to_outline()
        if self.item.binned_at:
            messages.error(request, IN_BIN)
            return self.to_outline()
        acts = {"remove": self.remove, "restore": self.bring_back, "move": self.move, "order": self.order}
        acts["published"] = self.give_up
        act = next((acts[name] for name in acts if name in request.POST), None)
        try:
            if act:
                return act(request)
            if self.key is None:
                raise Http404
            return self.save(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(self.section_address(self.section))

    def save(self, request):
        form = SectionForm(self.editing, self.section, self.key, request.POST, request.FILES)
        if "_again" in request.POST:
            form.is_valid()
            messages.info(request, RESTORED)
            return self.page(form, request.POST.get("seen"))
        if not form.is_valid():
            return self.page(form, request.POST.get("seen") if form.is_readable else None)
        if lock := PageLock.objects.of(self.item).against(request.user).first():
            form.add_error(None, lock.sentence)
            return self.page(form, request.POST.get("seen"))
        news = self.news(form, KEPT_OF)
        try:
            with transaction.atomic():
                outcome = self.editing.save(self.key, form.changed(), form.was, form.knew)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.page(form, request.POST.get("seen"))
        self.name_what_stays(form)
        if outcome.refused:
            messages.warning(request, outcome.refused)
        if outcome.doubled or outcome.overtaken:
            messages.warning(request, DOUBLED if outcome.doubled else OVERTAKEN)
            return self.page(form, None, self.two_texts(outcome))
        self.say(outcome)
        if news:
            messages.info(request, news)
        response = self.after_save(request)
        forget_copy(request, response)
        return response

    def two_texts(self, outcome):
        """The texts that were changed elsewhere as well: in one's own other window, or by someone else."""
        doubled, overtaken = outcome.doubled, outcome.overtaken
        return [*clashes(self.item, doubled, "other"), *clashes(self.item, overtaken, "theirs")]

    def news(self, form, text):
        """Who has saved what the form shows since it was opened; `text` says it."""
        live, knew = with_row_fields(self.editing.live), form.knew or {}
        keys = [key for name in knew if not same(live.get(key := self.key.of_field(name)), knew[name])]
        happened = Change.objects.of(self.item).happened().select_related("author")[:20] if keys else ()
        acts = [act for key in keys for act in since(happened, key, knew[PatchKey.parse(key).field])]
        people = dict.fromkeys(str(act.author or "–") for act in acts if act.author != self.request.user)
        fields = labels(type(self.item), keys)
        return text % {"people": listed(people), "fields": listed(fields)} if people else ""

    def name_what_stays(self, form):
        """A form that was opened with more rights, or forged, sends more than may be changed: say what stays."""
        columns = self.section.columns(type(self.item))
        sent = [self.key.of_field(name) for name in columns if name in self.request.POST and name not in form.fields]
        if stays := forbidden_keys(self.request.user, type(self.item), sent):
            messages.warning(self.request, refusal(self.request.user, type(self.item), stays))

    def say(self, outcome):
        time = date_format(localtime(moment()), "TIME_FORMAT")
        if self.is_new_row and not outcome.refused:
            messages.info(self.request, NOTHING_TYPED)
            return
        if outcome.wrong:
            text = _("Saved at %(time)s in your draft. Something isn’t right yet.")
        elif self.editing.draft and self.editing.clashes:
            text = _("Saved at %(time)s in your draft. Choose first between the two versions of the same text.")
        elif not self.is_item:
            text = _("Saved at %(time)s.")
        elif self.editing.is_direct:
            text = _("Saved at %(time)s. Visitors don’t see the page.")
        elif self.editing.draft:
            text = _("Saved at %(time)s. Visitors see the page as it was.")
        elif outcome.is_changed:
            text = _("The page is as visitors see it: your draft is gone.")
        else:
            text = _("Nothing had to be saved: it is as it was.")
        messages.success(self.request, text % {"time": time})
        for text, sentences in outcome.wrong.items():
            name = listed(labels(type(self.item), [text]))
            messages.warning(self.request, f"{name}: {' '.join(sentences)}" if name else " ".join(sentences))

    def after_save(self, request):
        """Where one was, unless another button was pressed."""
        if column := request.POST.get("_right"):
            self.confirm(column)
        if "_preview" in request.POST:
            return make_preview(self.row_admin, request, self.item, self.editing.own)
        if "_send" in request.POST:
            return redirect(self.address("send"))
        if "_close" in request.POST:
            return redirect(f"{self.address('change')}#section-{self.section.name}")
        address = self.section_address(self.section, self.key.uuid if self.key.part else None)
        language = request.POST.get("_content_language")
        query = f"?language={language}" if language in LANGUAGES else ""
        # Two versions of a text stand above the sections: that is what is to be looked at next.
        place = "clashes-title" if self.editing.draft and self.editing.clashes else f"section-{self.section.name}"
        return redirect(f"{address}{query}#{place}")

    def confirm(self, column):
        """A late translation that someone has read and found right counts as made from its source as it is now."""
        known = Translations.objects.of(self.item)
        if column in known.stale and not forbidden_keys(self.request.user, type(self.item), [column]):
            with acting(self.request.user):
                known.confirm(column)
            messages.success(self.request, _("The translation stays as it is, and counts as up to date."))

    # Rows of a part

    def named_row(self, value):
        """The key of a row that a button names."""
        if not self.section.part or not is_possible(self.section.model(type(self.item))._meta.pk, value):
            raise Http404
        return PatchKey(self.section.part, str(UUID(value)))

    def may_arrange(self):
        if getattr(self.request.user, "translates", []):
            raise PermissionDenied

    def remove(self, request):
        self.may_arrange()
        key = self.named_row(request.POST["remove"])
        try:
            _was, knew = self.editing.read(key, request.POST.get("seen", ""))
        except BadSignature:
            knew = self.editing.known.get(key.row)
        if key.row in self.editing.shown:
            self.editing.remove(key, knew)
        return redirect(self.section_address(self.section))

    def bring_back(self, request):
        self.may_arrange()
        key = self.named_row(request.POST["restore"])
        if key.row in self.editing.removed:
            self.editing.bring_back(key)
        return redirect(self.section_address(self.section, key.uuid))

    def give_up(self, request):
        """Take back what one has changed of one text: the published one is shown again, and the rest is kept."""
        given_up = request.POST["published"]
        if self.key is not None and "seen" in request.POST:
            form = SectionForm(self.editing, self.section, self.key, request.POST)
            if not form.is_valid():
                return self.page(form, request.POST.get("seen") if form.is_readable else None)
            rest = {name: value for name, value in form.changed().items() if self.key.of_field(name) != given_up}
            self.editing.save(self.key, rest, form.was, form.knew)
        self.editing.keep({text: sides for text, sides in self.editing.patch.items() if text != given_up})
        return redirect(request.path)

    def move(self, request):
        """Change places with the neighbour above or below."""
        self.may_arrange()
        uuid, _colon, way = request.POST["move"].partition(":")
        key = self.named_row(uuid)
        order = [str(row.pk) for row in getattr(self.editing.row, key.part).all()]
        if key.uuid in order and self.part_words(None)["has_position"]:
            place = order.index(key.uuid)
            other = max(0, min(len(order) - 1, place + (-1 if way == "up" else 1)))
            order[place], order[other] = order[other], order[place]
            self.editing.place(key.part, order)
        return redirect(self.section_address(self.section))

    def order(self, request):
        """Give the rows the order in which they are named; what isn't named stays behind them."""
        self.may_arrange()
        key = self.named_row(next(iter(request.POST["order"].split()), ""))
        rows = [str(row.pk) for row in getattr(self.editing.row, key.part).all()]
        named = [uuid for uuid in dict.fromkeys(request.POST["order"].split()) if uuid in rows]
        if self.part_words(None)["has_position"]:
            self.editing.place(key.part, named + [uuid for uuid in rows if uuid not in named])
        return redirect(self.section_address(self.section))


def since(happened, text, knew):
    """The acts that have changed a text since it said `knew`, the last first."""
    key = PatchKey.parse(text)
    for act in happened:
        sides = act.patch.get(text) or (act.patch.get(key.row) if key.part else None)
        if sides is None:
            continue
        after = sides[1].get(key.field) if isinstance(sides[1], dict) else sides[1]
        if same(after, knew):
            return
        yield act
