"""One search over everything that someone of the staff may see, drafts and the bin included."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learningcities import bounds
from learningcities.care.issue_list import with_owner
from learningcities.publishing.items.item import item_kinds, owner_model, owner_path
from learningcities.publishing.rights.patch_rights import rows_for
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.change import Change
from learningcities.search.excerpt import excerpt
from learningcities.search.indexed import Indexed
from learningcities.search.query import parse_query
from learningcities.text.folding import fold
from learningcities.text.richtext import plain

from .home.look import Shown
from .list_search import has_all
from .pill import pill_of

#: The states by which the results are narrowed: what they are called, and which rows are in them.
STATES = {
    "public": (_("public"), lambda rows, user: rows.published()),
    "never": (_("never published"), lambda rows, user: rows.active().filter(public_from=None)),
    "draft": (_("with a draft of yours"), lambda rows, user: rows.filter(pk__in=drafted(rows.model, user))),
    "waiting": (_("with a change that waits"), lambda rows, user: rows.filter(pk__in=waiting(rows.model, user))),
    "bin": (_("in the bin"), lambda rows, user: rows.in_bin()),
}


class SearchForm(forms.Form):
    """What is looked for, and where."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    city = forms.TypedChoiceField(label=_("City"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, user, kinds):
        super().__init__(data)
        names = [(kind._meta.model_name, capfirst(kind._meta.verbose_name_plural)) for kind in kinds]
        states = [(name, label) for name, (label, _rows) in STATES.items()]
        owners = [(row.pk, str(row)) for row in owner_model().objects.edited_by(user)]
        self.fields["kind"].choices = [("", _("everything")), *names]
        self.fields["state"].choices = [("", _("every state")), *states]
        self.fields["city"].choices = [("", _("all cities")), *owners]
        self.has_cities = len(owners) > 1


@dataclass
class Found(Shown):
    """A row that was found, and the words that it was found by."""

    form: str
    draft: Change | None
    query: object

    @property
    def pill(self):
        return pill_of(self.row, self.draft)

    @property
    def said(self):
        return excerpt(self.row, self.query) if isinstance(self.row, Indexed) else ""

    @property
    def kind(self):
        return capfirst(self.row._meta.verbose_name)


@require_safe
def search_view(request):
    ContentVersion.apply_due_and_read()
    kinds = [kind for kind in item_kinds() if is_seen(request, kind)]
    form = SearchForm(request.GET, request.user, kinds)
    form.is_valid()
    asked = form.cleaned_data
    rows = found(request.user, kinds, asked) if any(asked.values()) else []
    page = Paginator(rows, bounds.DESK_SEARCH_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **admin.site.each_context(request),
        "title": _("Search"),
        "form": form,
        "asked": asked,
        "page": page,
        "lines": lines(request.user, page.object_list, asked.get("q", "")),
        "query": query.urlencode(),
    }
    return TemplateResponse(request, "admin/search.html", context)


def is_seen(request, kind):
    row_admin = admin.site._registry.get(kind)
    return bool(row_admin) and row_admin.has_view_permission(request)


def found(user, kinds, asked):
    """The rows that are meant: what is called so, what has the words in its name, then the newest; the bin last."""
    words, kind = asked.get("q", ""), asked.get("kind")
    rows = [row for each in kinds if kind in ("", None, each._meta.model_name) for row in of_kind(user, each, asked)]
    folded = fold(words)

    def order(row):
        names = list(map(fold, row.words("title") if isinstance(row, Indexed) else [str(row)]))
        has_words = any(has_all(folded.split(), name) for name in names)
        return row.binned_at is not None, folded not in names, not has_words, -row.changed_at.timestamp()

    return sorted(rows, key=order)


def of_kind(user, kind, asked):
    """The rows of a kind that someone may see and that were asked for."""
    rows = rows_for(user, kind)
    if asked.get("q"):
        keys = rows.matching(asked["q"]).values("pk")
        rows = rows.filter(pk__in=keys) | rows.filter(pk__in=drafts_with(user, kind, asked["q"]))
    if asked.get("state"):
        rows = STATES[asked["state"]][1](rows, user)
    if asked.get("city"):
        rows = with_owner(rows).filter(owner_key=asked["city"]) if owner_path(kind) is not None else rows.none()
    path = owner_path(kind)
    related = (rows.select_related(path) if path else rows).order_by("-changed_at")
    if asked.get("q") and issubclass(kind, Indexed):
        related = related.exact_first(asked["q"])
    return related.distinct()[: bounds.DESK_SEARCH_ROWS]


def drafts_with(user, kind, text):
    """The keys of the rows of a kind for which a draft that someone may see has the words."""
    words = fold(text).split()
    changes = Change.objects.seen_by(user).unfinished().of_kind(kind).values_list("object_id", "patch")
    return [key for key, patch in changes[: bounds.LIST_SEARCH_ROWS] if words and has_all(words, fold(words_of(patch)))]


def words_of(patch):
    """All that a change would write."""
    values = [
        value
        for _before, after in patch.values()
        for value in (after.values() if isinstance(after, dict) else [after])
        if isinstance(value, str)
    ]
    return " . ".join(map(plain, values))


def drafted(kind, user):
    return Change.objects.of_kind(kind).unfinished().filter(author=user).values("object_id")


def waiting(kind, user):
    return Change.objects.of_kind(kind).seen_by(user).waiting().values("object_id")


def lines(user, rows, text):
    """What a page of the results shows."""
    query = parse_query(text)
    mine = Change.objects.unfinished().filter(author=user)
    drafts = {(change.content_type_id, change.object_id): change for change in mine}

    def draft_of(row):
        return drafts.get((ContentType.objects.get_for_model(row).pk, row.pk))

    return [Found(row, admin.site.form_address(row), draft_of(row), query) for row in rows]
