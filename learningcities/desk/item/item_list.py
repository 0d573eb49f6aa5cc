"""The list of items: each row with its tile, its state, its languages and who changed it."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Prefetch
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learningcities.care.completeness import HasCompleteness
from learningcities.desk.pill import look_of, pill
from learningcities.media import zellige
from learningcities.publishing.items.item import Item
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change
from learningcities.publishing.workflow.steps import Situation, decides
from learningcities.text.dates import near_day
from learningcities.text.translation import LANGUAGES, about, language_name

from .completeness import CompletenessFilter, completeness
from .item_actions import ACTIONS, hidden_actions

#: Of several changes of a page, the one that is told first.
FIRST = [Change.State.RETURNED, Change.State.REVIEW, Change.State.SCHEDULED, Change.State.OPEN]
#: A language is called by its letters, Arabic by one of its own.
LETTERS = {"ar": "ع"}
#: The side of a tile in units of its tilework: how much of a pattern is seen.
TILE = 200


class ItemStateFilter(admin.SimpleListFilter):
    """The states of an item; what lies in the bin is only shown when asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("public", _("public")),
            ("never", _("never published")),
            ("withdrawn", _("withdrawn")),
            ("later", _("public later")),
            ("waiting", _("with a change that waits")),
            ("held", _("reserved")),
            ("bin", _("in the bin")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "bin":
            return queryset.in_bin()
        rows = queryset.active()
        if self.value() == "public":
            return rows.published()
        if self.value() == "never":
            return rows.filter(public_from__isnull=True)
        if self.value() == "later":
            return rows.filter(public_from__gt=moment())
        if self.value() == "withdrawn":
            return rows.filter(withdrawn_at__isnull=False)
        if self.value() == "held":
            return rows.locked()
        if self.value() == "waiting":
            return rows.filter(pk__in=Change.objects.of_kind(queryset.model).waiting().values("object_id"))
        return rows


class ItemList(ChangeList):
    """The rows of a page of the list, with what the desk knows of them."""

    def apply_select_related(self, qs):
        locks = Prefetch("locks", PageLock.objects.active().select_related("by"))
        return super().apply_select_related(qs).prefetch_related(locks)

    def get_results(self, request):
        super().get_results(request)
        self.result_list = rows = list(self.result_list)
        keys = [row.pk for row in rows]
        wished = self.wished(keys, request.user)
        written = {change.object_id: change for change in self.last_changes(keys)}
        kind = ContentType.objects.get_for_model(self.model)
        translations = Translations.objects.filter(content_type=kind, object_id__in=keys)
        translated = {known.object_id: known for known in translations}
        for row in rows:
            row.state_told = state_of(row, wished.get(row.pk), request.user)
            row.written, row.translated = written.get(row.pk), translated.get(row.pk)
        colours = {row.card.colour for row in rows if hasattr(row, "card")}
        #: The city's, where all rows are of one.
        self.colour = colours.pop() if len(colours) == 1 else ""

    def wished(self, keys, user):
        """The unfinished change of each row that matters most to someone."""
        changes = Change.objects.of_kind(self.model).filter(object_id__in=keys).seen_by(user).unfinished()
        ordered = sorted(changes.select_related("author"), key=lambda change: FIRST.index(change.state), reverse=True)
        return {change.object_id: change for change in ordered}

    def last_changes(self, keys):
        applied = Change.objects.of_kind(self.model).filter(object_id__in=keys, sequence__isnull=False)
        last = applied.order_by().values("object_id").annotate(last=Max("sequence")).values("last")
        return Change.objects.filter(sequence__in=last).select_related("author").order_by()


class ItemListAdmin:
    """For an ItemAdmin: the columns, filters and actions of its list."""

    actions = ACTIONS

    show_facets = admin.ShowFacets.ALLOW
    #: What is told of every row, beside the model's own columns.
    told = ["state_word", "written_in", "changed"]
    only_on_screen = ("tile", "written_in", "changed")

    def get_changelist(self, request, **kwargs):
        return ItemList

    def get_list_display(self, request):
        tile = ["tile"] if hasattr(self.model, "card") else []
        columns = [*tile, *super().get_list_display(request), *self.told]
        # What is missing stands before who changed the row.
        return [*columns[:-1], completeness, columns[-1]] if self.has_completeness else columns

    def get_list_display_links(self, request, list_display):
        """The name leads to the page, not the tile before it."""
        return self.list_display_links or [next(name for name in list_display if name != "tile")]

    def get_list_filter(self, request):
        lacks = [CompletenessFilter] if self.has_completeness else []
        return [ItemStateFilter, *super().get_list_filter(request), *lacks]

    @property
    def has_completeness(self):
        return issubclass(self.model, HasCompleteness)

    def get_actions(self, request):
        hidden = hidden_actions(request, self)
        return {name: action for name, action in super().get_actions(request).items() if name not in hidden}

    @admin.display(description=_("tilework"))
    def tile(self, item):
        return tile(item.card)

    @admin.display(description=_("state"), ordering="public_from")
    def state_word(self, item):
        look, words = getattr(item, "state_told", None) or state_of(item)
        locks = [_("reserved by %(person)s") % {"person": lock.by} for lock in item.locks.all()]
        notes = format_html_join("", '<span class="notes">{}</span>', ((lock,) for lock in locks))
        return format_html("{}{}", pill(look, words), notes)

    @admin.display(description=_("languages"))
    def written_in(self, item):
        return languages_of(item.translated)

    @admin.display(description=_("changed"), ordering="-changed_at")
    def changed(self, item):
        day, author = near_day(item.changed_at), item.written and item.written.author
        return f"{author.get_short_name() or author}, {day}" if author else day


def tile(card):
    """The tilework of a page in the colour of its city."""
    tiles = mark_safe(zellige.svg(card.seed, TILE, TILE, "tile"))
    return format_html('<span class="tile" data-colour="{}">{}</span>', card.colour, tiles)


def state_of(item, change=None, reader=None):
    """How the state of an item looks, and in which words: what became of a wish for it says more than its dates."""
    state = item.state
    if state == Item.State.BINNED:
        return look_of(item), _("in the bin until %(date)s") % {"date": date_format(localtime(item.kept_until))}
    if state == Item.State.LATER:
        return look_of(item), _("public later: %(date)s") % {"date": near_day(item.public_from)}
    if change is None:
        return look_of(item), Item.State(state).label
    if change.state == Change.State.RETURNED:
        if change.author == reader:
            return "returned", _("returned to you")
        return "returned", _("returned to %(person)s") % {"person": change.author}
    if change.state == Change.State.REVIEW:
        is_theirs = decides(Situation(reader))
        return "waiting", _("waits for your approval") if is_theirs else _("waits for review")
    if change.state == Change.State.SCHEDULED:
        return "later", _("scheduled: %(date)s") % {"date": near_day(change.due_at)}
    if state == Item.State.PUBLIC:
        return "changed", _("public, with a draft of yours")
    return look_of(item), Item.State(state).label


def languages_of(translations):
    """A small box for each language: there, behind or missing, in words for those who don't see it."""
    return format_html(
        '<ul class="langs">{}</ul>',
        format_html_join(
            "",
            '<li class="langs__{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></li>',
            (
                (look, LETTERS.get(language, language), about(capfirst(language_name(language)), words))
                for language in LANGUAGES
                for look, words in [in_language(translations, language)]
            ),
        ),
    )


def in_language(translations, language):
    missing = getattr(translations, f"missing_number_{language}", 0)
    stale = getattr(translations, f"stale_number_{language}", 0)
    if missing:
        return "missing", ngettext("%(count)d text is missing", "%(count)d texts are missing", missing) % {
            "count": missing
        }
    if stale:
        return "behind", ngettext(
            "%(count)d text is older than its source", "%(count)d texts are older than their source", stale
        ) % {"count": stale}
    return "there", _("complete")
