"""The cities that someone looks after, and what is missing there, in sentences with a verb."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Count, Prefetch, Sum
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from learningcities.care.completeness import is_text
from learningcities.care.issue_list import OwnIssues, with_owner
from learningcities.care.issues import issue_types
from learningcities.care.models import Link, Mention
from learningcities.publishing.items.item import about_items, item_kinds, owner_model, owner_path
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.change import Change
from learningcities.text.translation import LANGUAGES, about, language_name, listed

from .activity import Activity, with_activity
from .look import Shown


class Gap(NamedTuple):
    """Something that is missing: a sentence, what is to be done about it, and where."""

    sentence: str
    verb: str
    address: str
    #: What the sentence begins with, where that is a name.
    subject: str = ""


#: What is done about an aspect of which nothing is there, and what is said of it: texts, photos, rows, other fields.
EMPTY = {
    "text": (gettext_lazy("nothing yet"), gettext_lazy("Write")),
    "photo": (gettext_lazy("none, its pages show a zellige"), gettext_lazy("Choose")),
    "rows": (gettext_lazy("none yet"), gettext_lazy("Add")),
    "field": (gettext_lazy("to be filled in"), gettext_lazy("Fill in")),
}
#: What is said of texts that are missing in a language, and of those that are behind.
TRANSLATIONS = {
    "missing": (
        ngettext_lazy(
            "%(count)d text to translate into %(language)s", "%(count)d texts to translate into %(language)s", "count"
        ),
        gettext_lazy("Translate"),
    ),
    "stale": (
        ngettext_lazy(
            "%(count)d text in %(language)s older than its source",
            "%(count)d texts in %(language)s older than their source",
            "count",
        ),
        gettext_lazy("Look again"),
    ),
}


@dataclass
class OwnCity(Shown):
    """A city with all that is said of it on the desk."""

    numbers: "Numbers"
    site: object

    @property
    def address(self):
        return self.site.form_address(self.row)

    @property
    def pages(self):
        """How many of its pages are public, kind by kind."""
        return [sentence for kind in kinds_with_pages() if (sentence := self.pages_of(kind))]

    def pages_of(self, kind):
        public, every = self.numbers.pages[kind].get(self.row.pk, (0, 0))
        if not every:
            return ""
        text = _("%(public)d public, %(others)d not yet") if every > public else _("%(public)d public")
        return about(capfirst(kind._meta.verbose_name_plural), text % {"public": public, "others": every - public})

    @property
    def gaps(self):
        return [*self.translation_gaps, *self.empty_gaps, *self.issue_gaps]

    @property
    def translation_gaps(self):
        for language in LANGUAGES:
            for state, number in self.numbers.translations(self.row.pk, language).items():
                if number:
                    yield translation_gap(state, language, number, self.row.pk)

    @property
    def empty_gaps(self):
        """What its page says nothing of, together where the same is to be done."""
        aspects = defaultdict(list)
        for aspect in self.row.empty_aspects():
            aspects[sort_of(type(self.row), aspect)].append(aspect)
        for sort, (sentence, verb) in EMPTY.items():
            if names := aspects[sort]:
                labels = [self.row.aspect_label(name) for name in names]
                subject = listed([labels[0], *(lower_first(label) for label in labels[1:])])
                yield Gap(str(sentence), str(verb), self.field_address(names[0]), subject)

    def field_address(self, aspect):
        key = f"{aspect}_{get_language()}" if is_text(type(self.row), aspect) else aspect
        return self.site.field_address(self.row, key)

    @property
    def issue_gaps(self):
        for kind in issue_types():
            if number := self.numbers.issues.count(kind, self.row.pk):
                address = f"{reverse('admin:care')}?{urlencode({'kind': kind, 'city': self.row.pk})}"
                yield Gap(kind.counted % {"count": number}, str(kind.verb), address)

    # What the table of cities says

    @property
    def written(self):
        """How many parts of its page are written, and of how many."""
        return self.row.has_count or 0, len(self.row.aspects)

    @property
    def missing(self):
        """The names of what its page says nothing of, in one row."""
        return listed(lower_first(self.row.aspect_label(aspect)) for aspect in self.row.empty_aspects())

    @property
    def to_translate(self):
        """How many texts are missing in each language or behind, over all its pages."""
        return [*self.translation_gaps]

    @property
    def number_to_translate(self):
        return sum(sum(self.numbers.translations(self.row.pk, code).values()) for code in LANGUAGES)

    @property
    def number_public(self):
        return sum(self.numbers.pages[kind].get(self.row.pk, (0, 0))[0] for kind in kinds_with_pages())

    @property
    def total(self):
        """How much needs care."""
        return self.numbers.issues.count(owner=self.row.pk)

    @property
    def care_address(self):
        return f"{reverse('admin:care')}?{urlencode({'city': self.row.pk})}"

    @property
    def keepers(self):
        """Who looks after it, and when they were last active."""
        return [Activity(person) for person in getattr(self.row, type(self.row).edited_through).all()]

    @property
    def to_decide(self):
        return self.numbers.waiting.get(self.row.pk, 0)


class Numbers:
    """What is counted for all cities of someone at once, so that a city more costs no question more."""

    def __init__(self, user):
        self.user = user
        self.issues = OwnIssues(user)

    @cached_property
    def pages(self):
        """For each kind that has pages, how many of each city are public, and how many there are: {kind: {city: …}}."""
        return {kind: dict(self.counted_pages(kind)) for kind in kinds_with_pages()}

    def counted_pages(self, kind):
        counts = {"public": Count("pk", filter=kind.public_at(moment())), "every": Count("pk")}
        rows = with_owner(kind.objects.seen_by(self.user).active()).order_by().values("owner_key").annotate(**counts)
        return ((row["owner_key"], (row["public"], row["every"])) for row in rows)

    def translations(self, owner, language):
        """How many texts of a city are missing in a language, and how many are behind."""
        sums = self.sums_of_translations.get(owner, {})
        return {state: sums.get(f"{state}_{language}") or 0 for state in TRANSLATIONS}

    @cached_property
    def sums_of_translations(self):
        sums = {f"{state}_{code}": Sum(f"{state}_number_{code}") for state in TRANSLATIONS for code in LANGUAGES}
        theirs = about_items(lambda kind: rows_with_owner(kind, self.user))
        rows = with_owner(Translations.objects.filter(theirs)).order_by().values("owner_key").annotate(**sums)
        return {row["owner_key"]: row for row in rows}

    @cached_property
    def waiting(self):
        """How many changes of each city wait for a decision."""
        rows = with_owner(Change.objects.seen_by(self.user).waiting()).order_by()
        return dict(rows.values_list("owner_key").annotate(Count("pk")))


def rows_with_owner(kind, user):
    return kind.objects.edited_by(user).active() if owner_path(kind) is not None else kind.objects.none()


def kinds_with_pages():
    """The kinds that belong to a city and have pages of their own."""
    return [kind for kind in item_kinds() if owner_path(kind) and hasattr(kind, "get_absolute_url")]


def translation_gap(state, language, number, city):
    sentence, verb = TRANSLATIONS[state]
    words = {"count": number, "language": language_name(language)}
    address = reverse("admin:publishing_translations_changelist")
    query = urlencode({"state": state, "language": language, "city": city})
    return Gap(sentence % words, str(verb), f"{address}?{query}")


def sort_of(model, aspect):
    if is_text(model, aspect):
        return "text"
    field = model._meta.get_field(aspect)
    return "rows" if field.auto_created else "photo" if field.is_relation else "field"


def lower_first(label):
    return label[:1].lower() + label[1:]


def own_cities(site, user, rows=None):
    """The cities of someone that are in no bin, or some of them, those that need most first."""
    numbers = Numbers(user)
    rows = owner_model().objects.edited_by(user).active() if rows is None else rows
    return sorted((OwnCity(row, numbers, site) for row in rows), key=lambda city: city.total, reverse=True)


def with_keepers(rows):
    people = with_activity(get_user_model().objects.filter(is_active=True))
    return rows.prefetch_related(Prefetch(rows.model.edited_through, people))


def links_in_words(user):
    """What is said of the links that are written in someone's cities and what belongs to them."""
    theirs = Mention.objects.of(lambda kind: rows_with_owner(kind, user))
    return Link.objects.filter(pk__in=theirs.values("link")).in_words()
