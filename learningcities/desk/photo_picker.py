"""Picking photos for one place: the cover of an item, its gallery, or one row of that. It goes into the draft."""

from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.signing import BadSignature
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views import View
from translated_fields import to_attribute

from learningcities import bounds
from learningcities.care.completeness import Picture, alternative_beside
from learningcities.publishing.items.item import owner_path
from learningcities.publishing.patches.patch_display import label, value_in_words
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.patches.snapshot import plain, rows_of_part, values, with_row_fields
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.publishing.rights.translator_rights import forbidden_keys, refusal
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.publishing.workflow.editing import Editing, side_of
from learningcities.text.translation import LANGUAGES, columns, fallback, language_name, listed
from learningcities.web.primary_keys import chosen, is_key

from .uploads import RIGHTS, lines, say, words_box

CHANGED = gettext_lazy("This has been changed since you opened the page: %(what)s. If yours is right, press again.")
TOO_OLD = gettext_lazy("This page can't be read any more. What you typed is still here: look at it, then press again.")
#: The whole network's photos, instead of those of the item's city.
ALL = "all"


@dataclass
class Place:
    """Where a photo is to be shown: a field of an item, or rows of one of its parts."""

    model: type
    #: The relation to the photo, and the translated texts beside it.
    name: str
    alternative: str
    caption: str
    #: The part, and its row where only that one is meant.
    part: str = ""
    uuid: str = ""

    @classmethod
    def of(cls, item_model, text):
        """`cover`, `gallery`, `gallery:<uuid>` or a field of that row; None for what shows no photo."""
        key = PatchKey.parse(text)
        try:
            relation = item_model._meta.get_field(key.name)
        except FieldDoesNotExist:
            return None
        model = relation.related_model if relation.auto_created else item_model
        fields = [relation] if model is item_model else model._meta.concrete_fields
        name = next((field.name for field in fields if issubclass(field.related_model or object, Picture)), None)
        if not name or (relation.auto_created and key.name not in item_model.parts):
            return None
        part = key.name if relation.auto_created else ""
        caption = "caption" if hasattr(model, "caption") else ""
        return cls(model, name, alternative_beside(model, name), caption, part, str(key.uuid) if part else "")

    @property
    def takes_several(self):
        return bool(self.part) and not self.uuid

    @property
    def texts(self):
        """The columns of what this place says of its photo."""
        return [*columns(self.alternative), *(columns(self.caption) if self.caption else ())]

    @property
    def photos(self):
        return self.model._meta.get_field(self.name).related_model

    @property
    def title(self):
        field = self.model._meta
        return capfirst(field.verbose_name_plural if self.takes_several else field.get_field(self.name).verbose_name)

    def key(self, name, uuid=""):
        """The key of a field beside the photo."""
        return PatchKey(self.part, uuid or self.uuid, name) if self.part else PatchKey(field=name)


class UseForm(forms.Form):
    """What a photo shows in this place, what must stay in sight, and what the library lacks of it."""

    use_required_attribute = False

    def __init__(self, place, photo, here, is_mine, *args, **kwargs):
        self.place, self.photo, self.is_mine, self.is_here = place, photo, is_mine, bool(here)
        super().__init__(*args, prefix=f"photo-{photo.pk}", **kwargs)
        lacking = is_mine and photo.public_from is None and not (photo.credit and photo.licence)
        self.focus = self.add(["focus_x", "focus_y"] if is_mine else [], min_value=0, max_value=100)
        self.alternatives = self.add_texts("alternative", type(photo), here)
        self.captions = self.add_texts("caption", place.model, here) if place.caption else []
        self.rights = self.add(RIGHTS if lacking else [])
        #: What is said of several photos at once, and not of this one by itself.
        self.common = {}

    def add(self, names, **options):
        for name in names:
            options |= {"required": False, "show_hidden_initial": True}
            self.fields[name] = type(self.photo)._meta.get_field(name).formfield(**options)
            self.initial[name] = getattr(self.photo, name)
        return [self[name] for name in names]

    def add_texts(self, stem, model, here):
        """A text in each language, the person's own first: as it stands in this place or else in the library."""
        names = {to_attribute(stem, code): code for code in fallback(get_language())}
        for name, code in names.items():
            words = {"label": get_language_info(code)["name_local"], "help_text": "", "widget": words_box(code)}
            # What was shown goes along: what nobody touched here may be another's by now.
            self.fields[name] = model._meta.get_field(name).formfield(**words, show_hidden_initial=True)
            self.initial[name] = here.get(name) or getattr(self.photo, name, "")
        return [self[name] for name in names]

    def known(self, names):
        """What the page showed in fields of the photo itself; a text for it is asked for only where it has none."""
        sent = {name: self.data.get(self[name].html_initial_name) for name in names}
        texts = columns("alternative")
        return {name: "" if name in texts else self.fields[name].to_python(sent[name]) for name in names}

    @property
    def for_library(self):
        """What is said of the photo itself: {field: value}."""
        said = {bound.name: self.cleaned_data[bound.name] for bound in self.focus if bound.name in self.changed_data}
        said |= {one.name: self.cleaned_data[one.name] or self.common.get(one.name) for one in self.rights}
        wish = {name: value for name, value in said.items() if value not in (None, "")}
        if self.is_mine and self.photo.public_from is None and not self.photo.decorative:
            # What nobody has described yet says the same wherever it is shown.
            empty = [name for name in columns("alternative") if not getattr(self.photo, name)]
            wish |= {name: self.cleaned_data[name] for name in empty if self.cleaned_data[name]}
        return wish

    @property
    def for_place(self):
        """What is said of it here: {field: value}; nothing where the library says the same."""
        library = self.for_library
        said = {name: self.cleaned_data[name] for name in columns("alternative")}
        own = {
            here: "" if said[name] == (library.get(name) or getattr(self.photo, name)) else said[name]
            for name, here in zip(said, columns(self.place.alternative), strict=True)
        }
        captions = {name: self.cleaned_data[name] for name in columns("caption") if self.place.caption}
        if self.is_here:
            touched = set(self.changed_data)
            own = {here: own[here] for name, here in zip(said, own, strict=True) if name in touched}
            captions = {name: words for name, words in captions.items() if name in touched}
        return own | captions | {self.place.name: self.photo.pk}


class PhotoPicker(View):
    """`item` is app.model.key, `key` the place on it as in a patch; `photo` are the chosen ones."""

    template_name = "admin/media/pick.html"

    def dispatch(self, request, *args, **kwargs):
        self.item = self.asked_item(request)
        self.place = Place.of(type(self.item), request.GET.get("key", ""))
        if not self.place:
            raise Http404
        key = str(self.place.key(self.place.name, uuid4() if self.place.takes_several else ""))
        if forbidden := forbidden_keys(request.user, type(self.item), [key]):
            raise PermissionDenied(refusal(request.user, type(self.item), forbidden))
        if self.place.uuid and self.place.key("").row not in self.rows:
            raise Http404
        self.library = admin.site._registry[self.place.photos]
        return super().dispatch(request, *args, **kwargs)

    def asked_item(self, request):
        app, _dot, rest = request.GET.get("item", "").partition(".")
        name, _dot, key = rest.partition(".")
        model = apps.all_models.get(app, {}).get(name)
        item_admin = admin.site._registry.get(model)
        if not item_admin or not hasattr(model, "public_from"):
            raise Http404
        item = chosen(item_admin.get_queryset(request).active(), key)
        if not item_admin.has_change_permission(request, item):
            raise PermissionDenied
        return item

    # What there is

    @cached_property
    def editing(self):
        return Editing(self.request.user, self.item)

    @property
    def rows(self):
        """The rows of the part as the person wants them: {key: values}."""
        return {str(key): row for key, row in rows_of_part(self.editing.shown, self.place.part)}

    @property
    def row(self):
        """The key of what is changed: the item, or one row of the part."""
        return PatchKey(self.place.part, self.place.uuid)

    @cached_property
    def seen(self):
        """What this page showed of the place when it was opened, and what was live as far as its reader knew."""
        is_sent = self.request.method == "POST"
        return self.editing.read(self.row, self.request.POST["seen"]) if is_sent else self.sides_now()

    def sides_now(self):
        fields = [self.place.name, *self.place.texts]
        return [side_of(state, self.row, fields) for state in (self.editing.shown, self.editing.known)]

    @property
    def here(self):
        """What stands in the place: {field: value}; nothing where rows are added."""
        return {} if self.place.takes_several else self.seen[0] or {}

    @cached_property
    def photos(self):
        return rows_for(self.request.user, self.place.photos).active()

    @cached_property
    def city(self):
        """Whose photos are meant first: the item's city, or the item where it is one; None for the network's."""
        row = self.item
        for name in filter(None, (owner_path(type(self.item)) or "").split("__")):
            row = getattr(row, name)
        return row if isinstance(row, self.place.photos._meta.get_field("city").related_model) else None

    @cached_property
    def taken(self):
        """The photos that the gallery has already: it shows each once."""
        own = self.place.key("").row if self.place.uuid else ""
        return {row[self.place.name] for key, row in self.rows.items() if key != own}

    @cached_property
    def chosen(self):
        asked = [key for key in self.request.GET.getlist("photo") if is_key(self.place.photos, key)]
        rows = self.photos.filter(pk__in=asked).exclude(pk__in=self.taken).order_by("pk")
        return list(rows if self.place.takes_several else rows[:1])

    def forms(self, data=None):
        return [UseForm(self.place, photo, self.texts_here(photo), self.is_mine(photo), data) for photo in self.chosen]

    def common_form(self, uses, data=None):
        """Who took the new photos, and by which right they are shown: said once where there are several."""
        is_needed = sum(bool(use.rights) for use in uses) > 1
        return forms.modelform_factory(self.place.photos, fields=RIGHTS if is_needed else [])(data, prefix="all")

    def texts_here(self, photo):
        """What this place says of the photo already: {field of a UseForm: text}."""
        if self.here.get(self.place.name) != photo.pk:
            return {}
        own = zip(columns("alternative"), columns(self.place.alternative), strict=True)
        captions = columns("caption") if self.place.caption else ()
        return {name: self.here.get(here) for name, here in own} | {name: self.here.get(name) for name in captions}

    def is_mine(self, photo):
        """Whether the person may say something of the photo itself."""
        is_locked = PageLock.objects.of(photo).against(self.request.user).exists()
        return not is_locked and self.library.has_change_permission(self.request, photo)

    # What is shown

    def get(self, request):
        uses = self.forms()
        return self.page(uses, self.common_form(uses))

    def page(self, uses, common):
        here = self.photos.filter(city=self.city) if self.city else self.photos.none()
        counts = {"": here.count(), ALL: self.photos.count()}
        scope = ALL if self.request.GET.get("of") == ALL or not counts[""] else ""
        found = (self.photos if scope else here).matching(self.query).order_by("-pk")
        page = Paginator(found, bounds.PHOTOS_PICKED_FROM).get_page(self.request.GET.get("page"))
        for photo in page:
            photo.thumbnail, photo.note = self.library.rendition(photo, "3/2"), note_on(photo)
            photo.is_chosen, photo.is_taken = photo in self.chosen, photo.pk in self.taken
            photo.address = self.address(photo=photo.pk)
        for use in uses:
            use.picture = self.library.rendition(use.photo, size=1)
            use.crops = [self.library.crop(use.photo, *crop) for crop in getattr(self.place.model, "crops", ())]
            use.form_address = admin.site.form_address(use.photo)
            use.alike = self.library.alike(self.request, use.photo) if use.photo.public_from is None else []
        context = {
            **admin.site.each_context(self.request),
            "title": self.place.title,
            "item": self.item,
            "colour": getattr(self.city, "colour", ""),
            "place": self.place,
            "back": self.back,
            "query": self.query,
            "hidden": {name: self.request.GET.get(name, "") for name in ("item", "key", "next")},
            "scopes": self.scopes(scope, counts),
            "page": page,
            "earlier": page.has_previous() and self.address(page=page.previous_page_number()),
            "later": page.has_next() and self.address(page=page.next_page_number()),
            "others": self.address(photo=[]),
            "uses": uses,
            "common": common,
            "seen": self.editing.signed(self.row, *self.seen),
            "is_wrong": self.request.method == "POST",
            "may_add": self.library.has_add_permission(self.request),
            "is_direct": self.item.public_from is None,
        }
        return TemplateResponse(self.request, self.template_name, context)

    def scopes(self, scope, counts):
        """The links to the photos of the city and to all: (words, number, address, is shown, value of `of`)."""
        names = {"": str(self.city or ""), ALL: _("the whole network")}
        if not self.request.user.is_coordinator:
            names[ALL] = _("with the network’s")
        named = [one for one in counts if names[one]]
        return [(names[one], counts[one], self.address(of=one, page=None), one == scope, one) for one in named]

    @property
    def query(self):
        return self.request.GET.get("q", "").strip()

    def address(self, **changes):
        """The address of this page with other parameters."""
        asked = {name: self.request.GET.getlist(name) for name in self.request.GET}
        asked |= {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
        asked = {name: [one for one in some if one not in ("", None)] for name, some in asked.items()}
        return f"{reverse('admin:pick_photo')}?{urlencode(asked, doseq=True)}"

    @property
    def back(self):
        """Where the person came from, or the place on the item's own page."""
        address = self.request.GET.get("next", "")
        is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
        if is_ours:
            return address
        if self.place.takes_several:
            return f"{admin.site.form_address(self.item)}#section-{self.place.part}"
        return admin.site.field_address(self.item, self.request.GET["key"])

    # What is sent

    def post(self, request):
        return self.add_files() if "upload" in request.POST else self.take()

    def add_files(self):
        """New photos of the item's city; they are chosen at once."""
        if not self.library.has_add_permission(self.request):
            raise PermissionDenied
        outcomes = self.library.take_files(self.request, self.city)
        if self.request.headers.get("X-Requested-With") == "fetch":
            return lines(outcomes)
        say(self.request, outcomes or [("", _("Choose at least one photo."))])
        new = [key for key, _sentence in outcomes if key]
        before = [photo.pk for photo in self.chosen] if self.place.takes_several else []
        address = self.address(photo=before + new) if new else self.request.get_full_path()
        return redirect(f"{address}#chosen" if new else address)

    def take(self):
        is_readable = self.is_readable()
        uses = self.forms(self.request.POST.dict())
        if not uses:
            messages.error(self.request, _("Choose at least one photo."))
            return redirect(self.request.get_full_path())
        common = self.common_form(uses, self.request.POST)
        if not is_readable:
            uses[0].add_error(None, TOO_OLD)
        if all(form.is_valid() for form in [common, *uses]):
            for use in uses:
                use.common = common.cleaned_data
            try:
                drafted = self.keep_all(uses)
            except ValidationError as error:
                uses[0].add_error(None, error.messages)
                self.editing.forget()
                if getattr(error, "code", "") == "changed":
                    self.seen = self.sides_now()
            else:
                self.say_taken(uses, drafted)
                return redirect(self.back)
        return self.page(uses, common)

    def is_readable(self):
        try:
            return bool(self.seen)
        except (KeyError, BadSignature):
            self.seen = self.sides_now()
            return False

    def keep_all(self, uses):
        """Write what was said of the photos and of the item; the photos of which a draft was kept."""
        with transaction.atomic():
            ContentVersion.lock_writes()
            drafted = [use.photo for use in uses if self.keep_library(use)]
            # As it is once nobody else writes: it may have gone public since.
            self.editing.forget()
            outcome = self.keep_several(uses) if self.place.takes_several else self.keep_one(*uses)
            self.check(outcome, type(self.item))
        return drafted

    def keep_library(self, use):
        """Whether what is said of a photo itself waits in a draft of it."""
        if not (wish := use.for_library):
            return False
        use.photo.refresh_from_db()
        editing = Editing(self.request.user, use.photo)
        outcome = editing.save(PatchKey(), wish, editing.shown, use.known(wish))
        # What the page shows again is what is there by now.
        use.data |= {use[name].html_initial_name: now for name, (now, _sent) in outcome.overtaken.items()}
        self.check(outcome, type(use.photo))
        return bool(editing.draft)

    def keep_one(self, use):
        was, knew = self.seen
        if not use.is_here:
            # What the place said was about the photo that goes.
            was, knew = was | self.texts_in(self.editing.shown), knew and knew | self.texts_in(self.editing.live)
        return self.editing.save(self.row, use.for_place, was, knew)

    def texts_in(self, state):
        said = with_row_fields(state)
        return {name: said.get(self.row.of_field(name)) for name in self.place.texts}

    def keep_several(self, uses):
        first, rows = max((row["position"] for row in self.rows.values()), default=-1) + 1, {}
        for position, use in enumerate(uses, first):
            said = use.for_place
            row = self.place.model(position=position, **{f"{self.place.name}_id": said.pop(self.place.name)}, **said)
            rows[PatchKey(self.place.part, uuid4()).row] = [None, plain(values(row))]
        return self.editing.keep(self.editing.with_step(rows))

    def check(self, outcome, model):
        """Refuse with a sentence what can't be kept as it was sent; pressing again then is a choice."""
        if outcome.refused:
            raise ValidationError(outcome.refused)
        if changed := outcome.doubled | outcome.overtaken:
            what = listed(in_words(model, text, now) for text, (now, _sent) in changed.items())
            raise ValidationError(CHANGED % {"what": what}, code="changed")

    def say_taken(self, uses, drafted):
        messages.success(self.request, taken(len(uses), self.item, self.editing.draft))
        for photo in drafted:
            text = _("What must stay visible waits in your draft of the photo itself: send it as well.")
            link = format_html('<a href="{}">{}</a>', admin.site.form_address(photo), photo)
            messages.info(self.request, format_html("{} {}", text, link))


def taken(count, item, is_drafted):
    if not is_drafted:
        text = ngettext("The photo is on “%(item)s”.", "The photos are on “%(item)s”.", count)
    else:
        text = ngettext("The photo is in your draft of “%(item)s”.", "Your draft of “%(item)s” has the photos.", count)
    return text % {"item": item}


def in_words(model, text, value):
    """What is there now of a text that has changed."""
    field = PatchKey.parse(text).model_field(model)
    return _("%(field)s: “%(words)s”") % {"field": label(model, text), "words": value_in_words(field, value)}


def note_on(photo):
    """The one thing to know of a photo before one takes it."""
    if photo.consent_until and photo.consent_until < localdate(moment()):
        return _("the consent has run out")
    if photo.decorative:
        return _("decorative")
    if missing := [str(language_name(code)) for code in LANGUAGES if not getattr(photo, f"alternative_{code}")]:
        return _("to be written: %(languages)s") % {"languages": listed(missing)}
    return _("never shown") if photo.public_from is None else _("in three languages")
