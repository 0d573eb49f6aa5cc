"""The page of a row: its outline, one section of it open, and the one small form of that.

An item, such as a city, has states and steps; what is none, such as a theme, has one section, which is always open.
"""

from uuid import uuid4

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.crypto import get_random_string
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from js_asset import Media

from learningcities.desk.pill import pill_of
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.presence import Presence
from learningcities.publishing.workflow.steps import ITEM_STEPS, asks, is_before_coordinators
from learningcities.text.translation import LANGUAGES, listed

from .item_view import ItemView
from .outline import Outline
from .section_form import SectionForm, is_picture
from .state_line import dates, discard_step, notes, shown


@method_decorator(csp_update({"frame-src": [SELF]}), name="dispatch")
class ItemPage(ItemView):
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
            "is_asked_out": any(comment.kind == Comment.Kind.BIN for comment in comments),
            "changes": [(change, change.pk in seen) for change in changes.select_related("author")],
            "lock": lock,
            "may_edit": self.may_edit and not self.item.binned_at and (not closed or is_typed),
            "rare_steps": list(self.rare_steps(situation)),
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
            "pill": pill_of(self.item, self.editing.own),
            "beside": self.beside(),
            "steps": {name: step for name, step in ITEM_STEPS.items() if step.is_offered(situation)},
            "send": self.send_label(situation),
            **self.preview_words(),
            "online": self.row_admin.get_view_on_site_url(self.item),
        }

    def rare_steps(self, situation):
        """What is rarely done, under "More": (step, where it is sent to, what to read before)."""
        names = ["lock", *(["duplicate"] if hasattr(self.item, "slug") else [])] if not self.item.binned_at else []
        for step in (ITEM_STEPS[name] for name in [*names, "withdraw"] if self.is_item):
            if step.is_offered(situation):
                yield step, self.address("duplicate" if step.name == "duplicate" else "steps"), step.help
        if self.editing.draft:
            step = discard_step(situation)
            yield step, self.address("steps"), step.confirm

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
        return {
            "row_name": model and model._meta.verbose_name,
            "pick_address": self.pick_address(model),
            "has_position": bool(self.section and self.section.has_order(type(self.item))),
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


def may_send(situation):
    """Whether someone has something to ask for that doesn't wait for a coordinator already."""
    if situation.is_live:
        return not is_before_coordinators(situation)
    return asks(situation) and not situation.has_asked


def here(others):
    names = listed(others)
    return _("At this form just now as well: %(names)s.") % {"names": names} if others else ""
