"""The page of a row: its outline, one section of it open, and the one small form of that.

An item, such as a city, has states and steps; what is none, such as a theme, has one section, which is always open.
"""

import re
from uuid import UUID, uuid4

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import transaction
from django.db.models import FileField
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from js_asset import Media

from learningcities.desk.pill import pill_of
from learningcities.publishing.history.tracking import acting
from learningcities.publishing.items.item import Item
from learningcities.publishing.patches.patch_display import labels
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import same, with_row_fields
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.translator_rights import forbidden_keys, refusal
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.conflicts import clashes
from learningcities.publishing.workflow.editing import Editing
from learningcities.publishing.workflow.presence import Presence
from learningcities.publishing.workflow.steps import CHANGE_STEPS, ITEM_STEPS, Situation, asks, is_before_coordinators
from learningcities.text.translation import LANGUAGES, listed
from learningcities.web.primary_keys import is_key, is_possible

from .outline import Outline
from .preview import make_preview
from .section_form import SectionForm, is_picture
from .state_line import dates, discard_step, notes, shown

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
RETURNED_REQUEST = gettext_lazy("Your request was returned to you. This browser keeps what you type until you save.")
NOTHING_TYPED = gettext_lazy("Nothing was typed, so nothing is added.")
CHOICE = "_choice "


class ItemView(View):
    """For one member of staff at one item, or another row, which they may see."""

    row_admin = None

    def dispatch(self, request, *args, object_id, **kwargs):
        ContentVersion.apply_due_and_read()
        if request.FILES and self.row_admin.has_change_permission(request):
            look_at_files(request, self.row_admin.model)
        with transaction.atomic():
            if request.method == "POST":
                # What is read from here on is what will be written over: one writer at a time.
                ContentVersion.lock_writes()
            rows = self.row_admin.get_queryset(request)
            self.item = rows.filter(pk=object_id).first() if is_key(rows.model, object_id) else None
            if self.item is None:
                return self.row_admin._get_obj_does_not_exist_redirect(request, self.row_admin.opts, str(object_id))
            if not self.row_admin.has_view_or_change_permission(request, self.item):
                raise PermissionDenied
            self.may_edit = self.row_admin.has_change_permission(request, self.item)
            if request.method == "POST" and not self.may_edit:
                raise PermissionDenied
            self.editing = Editing(request.user, self.item)
            return super().dispatch(request, *args, **kwargs)

    @property
    def site(self):
        return self.row_admin.admin_site

    @property
    def is_item(self):
        return isinstance(self.item, Item)

    @property
    def situation(self):
        has_asked = bool(self.editing.own) and self.editing.own.state == Change.State.REVIEW and not self.editing.draft
        is_drafting = not self.editing.is_direct
        return Situation(self.request.user, self.item, self.editing.draft, is_drafting, has_asked)

    def address(self, step, *args):
        return reverse(self.row_admin.address(step), args=[self.item.pk, *args])

    def to_outline(self):
        return redirect(self.address("change"))


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class OutlineView(ItemView):
    """The outline, with the section open that the address names."""

    template = "admin/item/item.html"

    def get(self, request, section="", row=""):
        self.find(section, row)
        form = None
        if self.section and self.may_edit and (self.key or not self.section.part):
            form = SectionForm(self.editing, self.section, self.key)
        return self.page(form)

    def find(self, name, row):
        """The section and the row that the address names; without a name, the only one that there is."""
        if not name and len(self.row_admin.sections) == 1:
            name = self.row_admin.sections[0].name
        self.section = next((one for one in self.row_admin.sections if one.name == name), None)
        if name and not self.section:
            raise Http404
        self.key = PatchKey()
        if row:
            self.key = PatchKey(self.section.part, row)
            self.refuse_foreign()
        elif self.section and self.section.part:
            self.key = None

    def refuse_foreign(self):
        """The name of a new row comes with the link; one that exists elsewhere is no row of this item."""
        if not self.section.part:
            raise Http404
        rows = self.section.model(type(self.item))._base_manager
        if rows.filter(pk=self.key.uuid).exclude(**{rows.model.part_of: self.item}).exists():
            raise Http404

    @property
    def is_new_row(self):
        return bool(self.key and self.key.part) and self.key.row not in self.editing.shown

    def section_address(self, section, uuid=None):
        return self.address("row", section.name, uuid) if uuid else self.address("section", section.name)

    def page(self, form, token=None, doubled=None):
        request, editing = self.request, self.editing
        comments = list(Comment.objects.of(self.item).open().select_related("author"))
        outline = Outline(editing, self.row_admin, self.section, comments)
        if form is not None:
            self.prepare(form, outline)
        situation = self.situation
        lock = situation.lock
        closed, is_typed = bool(lock and lock.by != request.user), form is not None and form.is_bound
        changes = Change.objects.of(self.item).unfinished().exclude(pk=editing.draft and editing.draft.pk)
        seen = set(changes.seen_by(request.user).values_list("pk", flat=True))
        draft = editing.draft
        context = {
            **self.site.each_context(request),
            "title": self.item,
            "opts": self.row_admin.opts,
            "original": self.item,
            "row": editing.row,
            "colour": getattr(getattr(self.item, "card", None), "colour", ""),
            "outline": outline,
            "form": form,
            "here": self.section and self.section_address(self.section, self.key and self.key.uuid),
            "section": self.section,
            "key": self.key,
            "is_alone": len(self.row_admin.sections) == 1,
            "is_new_row": form is not None and self.is_new_row,
            "new_row": uuid4(),
            "seen": token or (form.token if form is not None else ""),
            "form_id": request.POST.get("form_id") or get_random_string(12),
            "others": here(Presence.objects.meet(self.item, request.user)) if form is not None else "",
            "doubled": doubled,
            "draft": draft,
            "may_arrange": not getattr(request.user, "translates", []),
            **self.part_words(form),
            "clashes": editing.clashes if draft else [],
            "clashes_seen": editing.mark_of_clashes if draft else "",
            "left_out": editing.left_out,
            "comments": comments,
            "changes": [(change, change.pk in seen) for change in changes.select_related("author")],
            "lock": lock,
            "may_edit": self.may_edit and not self.item.binned_at and (not closed or is_typed),
            "discard": draft and discard_step(situation),
            "uses": self.row_admin.seen_uses(request, self.item) if self.row_admin.tells_uses else None,
            **(self.words_of_item(situation) if self.is_item else self.words_of_row()),
            "languages": [(code, get_language_info(code)["name_local"]) for code in self.languages],
            "language": self.language,
            "is_unsaved": is_typed,
        }
        told = list(messages.get_messages(request))
        # What went well is said in the bar, where one's eyes are; what needs a look stands above the words.
        context["done"] = [message for message in told if message.level == messages.SUCCESS]
        context["told"] = [message for message in told if message.level != messages.SUCCESS]
        context["media"] = self.row_admin.media + form.media if form is not None else self.row_admin.media
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return TemplateResponse(request, self.template, context)

    def words_of_item(self, situation):
        """What is said and offered of what has states."""
        return {
            "state": self.item.state,
            "dates": dates(self.item),
            "shown": shown(situation),
            "notes": notes(situation),
            "pill": pill_of(self.item, self.editing.draft),
            "beside": self.beside(),
            "steps": {name: step for name, step in ITEM_STEPS.items() if step.is_offered(situation)},
            "send": self.send_label(situation),
            **self.preview_words(),
            "online": self.row_admin.get_view_on_site_url(self.item),
        }

    def words_of_row(self):
        return {"may_delete": self.row_admin.has_delete_permission(self.request, self.item)}

    def beside(self):
        """What stands beside what the item says, such as who edits it: [(name, words, address for whoever may)]."""
        names = self.item.untracked
        address = self.address("beside") if names and self.request.user.is_coordinator else ""
        return [
            (capfirst(field.verbose_name), listed(getattr(self.item, field.name).all()), address)
            for field in map(self.item._meta.get_field, names)
        ]

    def preview_words(self):
        """Whether the item has a page that can be looked at before, and where it is in each language."""
        if not self.row_admin.is_previewed:
            return {"is_previewed": False}
        pages = [(code, get_language_info(code)["name_local"], self.address("page", code)) for code in LANGUAGES]
        shown = next(address for code, _name, address in pages if code == self.language)
        return {"is_previewed": True, "pages": pages, "page_shown": shown}

    def part_words(self, form):
        """What the rows of a part are called, and whether they have an order of their own."""
        model = self.section.model(type(self.item)) if self.section else None
        names = {field.name for field in model._meta.get_fields()} if model else set()
        return {
            "row_name": model and model._meta.verbose_name,
            "pick_address": self.pick_address(model),
            "has_position": bool(self.section and self.section.part and "position" in names),
            "has_languages": form is not None and form.has_languages,
            "questions_address": self.address("happened"),
        }

    def pick_address(self, model):
        """Where new rows of pictures are chosen."""
        is_of_pictures = self.section and self.section.part and any(map(is_picture, model._meta.concrete_fields))
        return self.site.picker_address(self.item, self.section.part) if is_of_pictures else ""

    def prepare(self, form, outline):
        """Tell a form what is known of its translations, and what keeps its row from being sent."""
        form.translations = outline.translations
        live = Translations.objects.of(self.item)
        form.confirmable = set(live.stale) if self.may_edit else ()
        form.questions = {}
        for comment in outline.comments:
            form.questions.setdefault(getattr(comment, "key", ""), []).append(comment)
        touched = not form.is_bound and not self.is_new_row
        form.faults = self.editing.faults(self.key) if touched and self.is_touched else {}

    @property
    def is_touched(self):
        keys = map(PatchKey.parse, self.editing.patch)
        return any(key.row == self.key.row and (key.part or self.section.has(key, type(self.item))) for key in keys)

    def send_label(self, situation):
        """The button that leads to the panel, where there is something to send or to publish."""
        publishes = situation.user.has_perm("publishing.publish")
        if self.item.binned_at or not (publishes or may_send(situation)):
            return ""
        if publishes:
            return _("Publish…")
        has_something = self.editing.draft or self.editing.is_direct or self.section
        return _("Send…") if has_something else ""

    @property
    def languages(self):
        return getattr(self.request.user, "translates", None) or LANGUAGES

    @property
    def language(self):
        asked = self.request.GET.get("language")
        reader = asked if asked in self.languages else get_language()
        return reader if reader in self.languages else self.languages[0]

    # Saving

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
        elif self.editing.is_direct and self.editing.clashes:
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
        return redirect(f"{address}{query}#section-{self.section.name}")

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


class AutosaveView(OutlineView):
    """Keep what an open form says in its author's draft, if it sends anything, and say who else is there."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        request.FILES.clear()
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 302:
            # There is no such item for this person; to the script another page would mean that the login has ended.
            raise Http404
        return response

    def post(self, request, section="", row=""):
        self.find(section, row)
        others, news, answer = here(Presence.objects.meet(self.item, request.user)), "", {}
        if self.key is not None:
            form = SectionForm(self.editing, self.section, self.key, request.POST)
            news = self.news(form, SAVED_BY)
            answer = self.kept(form) if "form_id" in request.POST else {}
        return JsonResponse({"others": others, "news": news, **answer})

    def kept(self, form):
        """What became of the words: whether they are kept, a sentence about it, and the form's next token."""
        if self.editing.own and not self.editing.own.is_in_hand:
            text = _(
                "Your change waits for a coordinator or is approved. This browser keeps what you type until you save."
            )
            return {"kept": False, "said": text}
        if self.editing.asks_publication:
            # Its place is taken by the request: there is no draft to keep half words in.
            return {"kept": False, "said": RETURNED_REQUEST}
        if lock := PageLock.objects.of(self.item).against(self.request.user).first():
            return {"kept": False, "said": lock.sentence}
        form.is_valid()
        if not form.is_readable:
            return {"kept": False, "said": str(form.non_field_errors()[0])}
        wrong = listed(form.fields[name].label for name in form.errors if name in form.fields)
        try:
            with transaction.atomic():
                outcome = self.editing.save(self.key, form.changed(), form.was, form.knew, is_silent=True)
        except ValidationError as error:
            return {"kept": False, "said": " ".join(error.messages)}
        if outcome.doubled:
            return {"kept": False, "said": _("The same text was changed in another window. Save to see both.")}
        if outcome.refused:
            return {"kept": False, "said": outcome.refused}
        return self.said(form, wrong)

    def said(self, form, wrong):
        keys = [clash.key for clash in self.editing.clashes]
        if keys:
            fields = listed(labels(type(self.item), keys))
            text = _(
                "Someone else has changed the same text: %(fields)s. Both are kept; save to see them side by side."
            )
            text %= {"fields": fields}
        else:
            text = _("Kept in your draft at %(time)s.") % {"time": date_format(localtime(moment()), "TIME_FORMAT")}
        if wrong:
            text = _("%(said)s Except for what isn't right yet: %(fields)s") % {"said": text, "fields": wrong}
        token = self.editing.token_after(self.key, form.changed(), form.was, form.knew)
        return {"kept": not wrong, "said": text, "clash": bool(keys), "seen": token}


class StepView(ItemView):
    """What the other buttons of the page do, by the table of steps."""

    def post(self, request):
        name = request.POST.get("step", "")
        if name == "decide":
            return self.decide(request)
        if name == "discard":
            return self.discard(request)
        step = ITEM_STEPS.get(name)
        if step is None or step.act is None or step.needs or name == "publish" or not step.is_offered(self.situation):
            raise PermissionDenied
        data = {"reason": request.POST.get("reason", "")} if name == "lock" else {}
        try:
            if sentence := step.take(self.situation, **data):
                messages.success(request, sentence)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()

    def decide(self, request):
        choices = {name.removeprefix(CHOICE): side for name, side in request.POST.items() if name.startswith(CHOICE)}
        try:
            self.editing.decide(choices, request.POST.get("seen", ""))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()

    def discard(self, request):
        if not self.editing.draft:
            return self.to_outline()
        step = CHANGE_STEPS["discard"]
        try:
            messages.success(request, step.take(Situation(request.user, self.item, self.editing.draft)))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.to_outline()


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


def may_send(situation):
    """Whether someone has something to ask for that doesn't wait for a coordinator already."""
    if situation.is_live:
        return not is_before_coordinators(situation)
    return asks(situation) and not situation.has_asked


def here(others):
    names = listed(others)
    return _("At this form just now as well: %(names)s.") % {"names": names} if others else ""


def look_at_files(request, model):
    """What was sent is looked at before anything is locked, so that nobody else has to wait for it."""
    for name, file in request.FILES.items():
        field = next((field for field in model._meta.concrete_fields if field.name == name), None)
        if isinstance(field, FileField):
            request.FILES[name] = field.formfield().looked_at(file)


def forget_copy(request, response):
    """The browser forgets what it has kept of the form: static/js/typed.js."""
    secure, form_id = settings.SESSION_COOKIE_SECURE, request.POST.get("form_id", "")
    # A header holds no other letters, whatever was posted.
    name = re.sub("[^A-Za-z0-9]", "", form_id)[:20]
    response.set_cookie("saved_form", name, path="/admin/", secure=secure, samesite="Lax")
