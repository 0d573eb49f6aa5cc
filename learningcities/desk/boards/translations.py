"""The translation board: each row and each language, missing, behind or current; what most visitors see comes first."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Q, Value, When
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language_info, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from learningcities.desk.read_only_admin import ReadOnlyAdmin
from learningcities.desk.spreadsheets import ListAdmin
from learningcities.publishing.items.item import Item, owner_model, owner_path
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.translation.status import Translations, in_language, translated_models
from learningcities.text.translation import LANGUAGES, about

#: How many fields a cell names.
NAMED = 4


def kinds():
    """The models of the board: first what stands on every page, then pages of their own, then what others show."""
    return sorted(translated_models(), key=lambda m: (issubclass(m, Item), not has_page(m), len(depends_on(m))))


def has_page(model):
    return hasattr(model, "get_absolute_url")


def depends_on(model):
    return getattr(model, "public_through", ())


def of_kind(model, rows=None):
    """The condition that the board's row is about one of these rows."""
    condition = Q(content_type=ContentType.objects.get_for_model(model))
    return condition if rows is None else condition & Q(object_id__in=rows.order_by().values("pk"))


def either(conditions):
    """Any of these conditions; of none, nothing."""
    any_of_them = Q(pk__in=[])
    for condition in conditions:
        any_of_them |= condition
    return any_of_them


class LanguageFilter(admin.SimpleListFilter):
    """Shows the column of one language."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        return [(code, get_language_info(code)["name_local"]) for code in LANGUAGES]

    def queryset(self, request, queryset):
        return queryset


def chosen_languages(request):
    language = request.GET.get("language")
    return [language] if language in LANGUAGES else LANGUAGES


def lacking(state, request):
    """Whether anything is missing, or stale, in a language that is shown."""
    return either(Q(**{f"{state}_number_{code}__gt": 0}) for code in chosen_languages(request))


class TranslationStateFilter(admin.SimpleListFilter):
    """In the language that is chosen, or in any."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("missing", _("missing")), ("stale", _("out of date")), ("current", _("current"))]

    def queryset(self, request, queryset):
        missing, stale = lacking("missing", request), lacking("stale", request)
        conditions = {"missing": missing, "stale": stale, "current": ~missing & ~stale}
        return queryset.filter(conditions[self.value()]) if self.value() in conditions else queryset


#: What a list of one state leaves out, and what is said of it.
OTHER_STATES = {"missing": "stale", "stale": "missing"}
LEFT_OUT = {
    "missing": ngettext_lazy(
        "%(count)d page also lacks translations.", "%(count)d pages also lack translations.", "count"
    ),
    "stale": ngettext_lazy(
        "%(count)d page also has translations that are out of date.",
        "%(count)d pages also have translations that are out of date.",
        "count",
    ),
}


class OwnerFilter(admin.SimpleListFilter):
    parameter_name = "city"

    @property
    def title(self):
        return owner_model()._meta.verbose_name

    def lookups(self, request, model_admin):
        return [(str(row.pk), str(row)) for row in owner_model().objects.edited_by(request.user).active()]

    def queryset(self, request, queryset):
        if not (self.value() or "").isdecimal():
            return queryset
        paths = {model: owner_path(model) for model in kinds() if owner_path(model) is not None}
        return queryset.filter(
            either(of_kind(m, m._base_manager.filter(**{path or "pk": self.value()})) for m, path in paths.items())
        )


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [
            (model._meta.label_lower, capfirst(model._meta.verbose_name_plural))
            for model in kinds()
            if model_admin.rows_of(request.user, model) is not None
        ]

    def queryset(self, request, queryset):
        models = [model for model in kinds() if model._meta.label_lower == self.value()]
        return queryset.filter(of_kind(models[0])) if models else queryset


@admin.register(Translations)
class TranslationsAdmin(ListAdmin, ReadOnlyAdmin, admin.ModelAdmin):
    """Nobody edits the board: it follows from the texts and the changes of them."""

    help_part = "translating"
    list_display_links = None
    list_filter = [TranslationStateFilter, LanguageFilter, OwnerFilter, KindFilter]
    list_per_page = 50
    sortable_by = ()
    show_full_result_count = False
    change_list_template = "admin/publishing/translations.html"

    def get_ordering(self, request):
        return ["is_done", "visibility", "-pk"]

    def rows_of(self, user, model):
        """The rows of a kind that a member of staff looks after; nothing, where that isn't for them."""
        if issubclass(model, Item):
            return model.objects.edited_by(user).active() if user.is_coordinator or model.edited_through else None
        return model._base_manager.all() if user.is_coordinator else None

    def get_queryset(self, request):
        mine = {model: self.rows_of(request.user, model) for model in kinds()}
        mine = {model: rows for model, rows in mine.items() if rows is not None}
        owned = [model for model in mine if owner_path(model)]
        rows = [model._base_manager.select_related(owner_path(model)) for model in owned]
        return (
            Translations.objects.filter(
                either(of_kind(model, rows if issubclass(model, Item) else None) for model, rows in mine.items())
            )
            .annotate(is_done=self.is_done(request), visibility=self.visibility(mine))
            .prefetch_related(GenericPrefetch("item", rows))
        )

    def is_done(self, request):
        return ExpressionWrapper(~lacking("missing", request) & ~lacking("stale", request), BooleanField())

    def visibility(self, models):
        """What is public comes before what isn't yet."""
        places = list(enumerate(models))
        public = [
            When(of_kind(model, model.objects.published() if issubclass(model, Item) else None), then=Value(place))
            for place, model in places
        ]
        others = [When(of_kind(model), then=Value(len(places) + place)) for place, model in places]
        return Case(*public, *others, output_field=IntegerField())

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, {"title": _("Translations"), **(extra_context or {})})
        if changelist := getattr(response, "context_data", {}).get("cl"):
            response.context_data["left_out"] = self.left_out(request, changelist)
        return response

    def left_out(self, request, changelist):
        """Whoever looks at what is missing is told what is behind, and the reverse: (sentence, address)."""
        other = OTHER_STATES.get(request.GET.get("state"))
        if not other:
            return None
        rows = changelist.get_queryset(request, exclude_parameters=["state"])
        number = rows.filter(lacking(other, request)).count()
        sentence = LEFT_OUT[other] % {"count": number}
        return (sentence, changelist.get_query_string({"state": other})) if number else None

    def get_urls(self):
        """A row of the board has no page: the form of what it is about is the place."""
        return [url for url in super().get_urls() if (url.name or "").endswith(("_changelist", "_export"))]

    # Columns

    def get_list_display(self, request):
        return ["row", "kind", *(f"in_{code}" for code in chosen_languages(request))]

    @admin.display(description=_("what"))
    def row(self, known):
        path = owner_path(type(known.item))
        owner = getattr(known.item, path) if path else None
        link = format_html('<a href="{}">{}</a>', self.admin_site.form_address(known.item), known.item)
        return format_html("{}<br><span>{}</span>", link, owner) if owner else link

    @admin.display(description=_("kind"))
    def kind(self, known):
        return capfirst(known.item._meta.verbose_name)

    def cell(self, known, language):
        missing, stale = (in_language(columns, language) for columns in (known.missing, known.stale))
        lines = [
            (ngettext("%(count)d missing:", "%(count)d missing:", len(missing)), missing),
            (ngettext("%(count)d out of date:", "%(count)d out of date:", len(stale)), stale),
        ]
        states = [
            format_html('<p class="{}">{} {}{}</p>', name, words % {"count": len(columns)}, *self.links(known, columns))
            for name, (words, columns) in zip(("missing", "stale"), lines, strict=True)
            if columns
        ]
        words = format_html_join("", "{}", ((line,) for line in states)) if states else _("current")
        return format_html('<div data-language="{}">{}</div>', get_language_info(language)["name_local"], words)

    def links(self, known, columns):
        where = self.admin_site.field_address
        links = ((where(known.item, column), named(type(known.item), column)) for column in columns[:NAMED])
        return format_html_join(" · ", '<a href="{}">{}</a>', links), "…" if len(columns) > NAMED else ""


def column_of(language):
    @admin.display(description=get_language_info(language)["name_local"])
    def column(self, known):
        return self.cell(known, language)

    return column


for code in LANGUAGES:
    setattr(TranslationsAdmin, f"in_{code}", column_of(code))


def named(model, column):
    """What an editor calls a column, of a part what they call the part."""
    key = PatchKey.parse(column)
    name = capfirst(key.model_field(model).verbose_name)
    return about(capfirst(key.owner(model)._meta.verbose_name), name) if key.part else name
