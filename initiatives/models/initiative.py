from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cities.models import (
    LABELLED,
    SDG,
    Axis,
    City,
    Covered,
    Document,
    Figure,
    GalleryPhoto,
    LearningPlace,
    Photo,
    alternative_here,
    evidence,
    once_in_gallery,
)
from learningcities import bounds
from learningcities.care.completeness import CompletenessQuerySet, HasCompleteness
from learningcities.media.share import Card
from learningcities.publishing.items.slugs import PublicSlugField
from learningcities.publishing.models import Item, ItemQuerySet, Part
from learningcities.publishing.version.content_version import moment
from learningcities.search.indexed import Indexed, IndexedQuerySet
from learningcities.text import links, plain_text
from learningcities.text.dates import PartialDateField
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import ShownText, columns, translated

from .vocabulary import Audience, KeyFeature, Theme


class InitiativeQuerySet(ItemQuerySet, IndexedQuerySet, CompletenessQuerySet):
    def unchecked(self):
        """Public ones that nobody has looked through for a year, the longest ago first."""
        year_ago = localdate(moment()) - bounds.CHECK_LASTS
        return self.published().filter(Q(checked_on=None) | Q(checked_on__lt=year_ago)).order_by("checked_on", "pk")

    def overdue(self):
        """Public ones that are said to be under way or in place although their end has passed."""
        today = localdate(moment()).isoformat()
        ended = Q(end__gt="", end__lt=today) & ~Q(end__in=[today[:4], today[:7]])
        return self.published().filter(ended, status__in=self.model.GOING_ON).order_by("end", "pk")

    def with_card(self):
        """With all that a card shows."""
        return self.select_related("city__region", "cover").prefetch_related("themes")


class Initiative(HasCompleteness, Covered, Indexed, Item):
    """A city's lifelong-learning project, described by the parts of a case study."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        UNDER_WAY = "under-way", _("under way")
        #: What opened or was made, and stands.
        ESTABLISHED = "established", _("in place")
        COMPLETED = "completed", _("completed")

    #: The statuses of what has no end yet.
    GOING_ON = (Status.UNDER_WAY, Status.ESTABLISHED)

    # Identity
    city = models.ForeignKey(City, models.PROTECT, verbose_name=_("city"), related_name="initiatives")
    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    slug = PublicSlugField(of="title", help_text=_("Part of the address of the page: left empty, the title gives it."))
    summary = translated(
        plain_text.TextField(
            _("summary"), max_length=400, help_text=_("One or two sentences for lists and search engines.")
        )
    )
    cover = models.ForeignKey(
        Photo,
        models.SET_NULL,
        verbose_name=_("cover photo"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without a photo, the page shows a zellige pattern in the city's colour."),
    )
    cover_alternative = alternative_here(_("what the cover photo shows here"))
    # The parts of a case study
    context = translated(RichTextField(_("context")))
    objectives = translated(RichTextField(_("objectives")))
    beneficiaries = translated(RichTextField(_("who it is for")))
    method = translated(RichTextField(_("how it is done")))
    results = translated(RichTextField(_("results")))
    helped = translated(RichTextField(_("what helped")))
    hindered = translated(RichTextField(_("what hindered")))
    sustainability = translated(RichTextField(_("sustainability")))
    lessons = translated(RichTextField(_("lessons")))
    sources = translated(RichTextField(_("sources")))
    # Time
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.UNDER_WAY)
    status_on = PartialDateField(
        _("status known on"), blank=True, help_text=_("When this was so: 2020, 09/2020 or 23/09/2020.")
    )
    start = PartialDateField(
        _("start"), blank=True, help_text=_("A year, a month or a day: 2020, 09/2020, 23/09/2020.")
    )
    end = PartialDateField(_("end"), blank=True, help_text=_("Empty if it goes on."))
    checked_on = models.DateField(
        _("last checked on"), null=True, blank=True, help_text=_("When someone last made sure that all this is true.")
    )
    # What it belongs to
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), blank=True, related_name="initiatives")
    sdgs = models.ManyToManyField(
        SDG, verbose_name=_("sustainable development goals"), blank=True, related_name="initiatives"
    )
    key_features = models.ManyToManyField(
        KeyFeature, verbose_name=_("key features"), blank=True, related_name="initiatives"
    )
    audiences = models.ManyToManyField(Audience, verbose_name=_("audiences"), blank=True, related_name="initiatives")
    axes = models.ManyToManyField(Axis, verbose_name=_("the city's axes"), blank=True, related_name="initiatives")
    places = models.ManyToManyField(
        LearningPlace, verbose_name=_("learning places"), blank=True, related_name="initiatives"
    )
    website = links.URLField(_("website"), blank=True)
    documents = models.ManyToManyField(
        Document,
        verbose_name=_("evidence"),
        blank=True,
        related_name="initiatives",
        help_text=_("Documents for readers to download: a report, a programme, an evaluation."),
    )

    objects = InitiativeQuerySet.as_manager()

    #: The parts of a case study, in the order a reader expects.
    STORY = (
        "context",
        "objectives",
        "beneficiaries",
        "method",
        "results",
        "helped",
        "hindered",
        "sustainability",
        "lessons",
        "sources",
    )
    crops = ((None, "wide", _("its page")), ("1/1", "square", _("lists")))
    parts = ("partners", "figures", "updates", "gallery")
    public_through = ("city",)
    edited_through = "city__editors"
    distinct_by = ("title", "city")
    own_relations = ("axes", "places")
    needed = ("title", "summary")
    aspects = (
        "title",
        "summary",
        "cover",
        "context",
        "objectives",
        "beneficiaries",
        "method",
        "results",
        "sources",
        "start",
        "checked_on",
        "themes",
        "audiences",
        "sdgs",
        "partners",
        "figures",
    )
    list_name = "initiatives:list"
    found_by = {"title": ("title",), "summary": ("summary",), "rest": STORY}
    # Not by its places: each is public or hidden by dates of its own, which the index doesn't know.
    indexed_paths = ("city", "city__region", "themes", "audiences", "sdgs", "key_features", "partners")

    class Meta(Item.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["-public_from", "-id"]
        constraints = [
            *Item.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end="") | Q(start="") | Q(end__gte=F("start")) | Q(start__startswith=F("end")),
                name="initiative_ends_after_start",
                violation_error_message=_("The end comes before the start."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "under-way", "established", "completed"]),
                name="initiative_status_known",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("initiatives:detail", args=[self.slug])

    @property
    def card(self):
        return Card(self.title, self.city.name, self.city.colour, self.slug)

    def foreign(self, axes=(), places=()):
        """The sentence to say where axes or places belong to another city: {field: sentence}."""
        return {
            name: _("These belong to another city. Choose those of the initiative's own.")
            for name, rows in (("axes", axes), ("places", places))
            if any(row.city_id != self.city_id for row in rows)
        }

    def check_complete(self):
        if foreign := self.foreign(self.axes.all(), self.places.all()):
            raise ValidationError(foreign)
        super().check_complete()

    def missing(self):
        lacking = super().missing()
        if not self.status_on:
            lacking["status_on"] = _("Say when the status was known, before the page is published.")
        return lacking

    def carried(self):
        photos = [self.cover, *(row.photo for row in self.gallery.select_related("photo"))]
        return [media for media in [*photos, *self.documents.all(), *evidence(self.figures)] if media]


class Partner(Part):
    part_of = "initiative"
    distinct_by = ("name",)

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="partners")
    name = translated(plain_text.CharField(_("name"), max_length=160), required=True)
    role = translated(plain_text.CharField(_("role"), max_length=160))
    website = links.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = [ShownText("name").asc(), "pk"]

    def __str__(self):
        return self.name

    @property
    def named_by(self):
        return columns("name")


class InitiativeFigure(Figure):
    part_of = "initiative"
    distinct_by = ("label", "year")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="figures")

    class Meta(Figure.Meta):
        ordering = ["-year", "pk"]
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=LABELLED,
                name="initiativefigure_says_what_it_counts",
                violation_error_message=_("Say what the figure counts."),
            ),
        ]


class Update(Part):
    """News of an initiative, with its date."""

    part_of = "initiative"
    distinct_by = ("title", "date")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="updates")
    date = PartialDateField(_("date"), help_text=_("A year, a month or a day: 2020, 09/2020, 23/09/2020."))
    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    text = translated(plain_text.TextField(_("text")))

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-date", "pk"]

    def __str__(self):
        return self.title


class InitiativePhoto(GalleryPhoto):
    part_of = "initiative"

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="gallery")

    class Meta(GalleryPhoto.Meta):
        constraints = [once_in_gallery("initiative")]
