from collections import Counter
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import CompletenessQuerySet, HasCompleteness
from learningcities.media.share import Card
from learningcities.publishing.items.slugs import PublicSlugField
from learningcities.publishing.models import Item, ItemQuerySet, Part
from learningcities.search.indexed import Indexed, IndexedQuerySet
from learningcities.text import links, plain_text
from learningcities.text.dates import PartialDateField
from learningcities.text.richtext import RichTextField
from learningcities.text.translation import LANGUAGES, ShownText, Text, columns, translated

from .coordinates import Located
from .photo import Covered, GalleryPhoto, alternative_here, once_in_gallery
from .sourced import FigureQuerySet, StatementQuerySet, missing_facts, missing_source
from .territory import Region
from .vocabulary import SDG, Term


class CityQuerySet(ItemQuerySet, IndexedQuerySet, CompletenessQuerySet):
    def with_card(self):
        """With all that a card shows."""
        return self.select_related("region__country", "cover")

    def colours(self):
        """The palette, from the colour that fewest of these cities have to the one that most have."""
        used = Counter(self.order_by().values_list("colour", flat=True))
        return sorted(self.model.Colour.values, key=used.__getitem__)


class City(HasCompleteness, Covered, Located, Indexed, Item):
    """A learning city; it may be a county, a commune, a district or a group of towns."""

    class Colour(models.TextChoices):
        AZURE = "azure", _("azure")
        EMERALD = "emerald", _("emerald")
        TERRACOTTA = "terracotta", _("terracotta")
        SAFFRON = "saffron", _("saffron")
        INDIGO = "indigo", _("indigo")
        ROSE = "rose", _("rose")
        TEAL = "teal", _("teal")
        PLUM = "plum", _("plum")
        OLIVE = "olive", _("olive")
        BRICK = "brick", _("brick")

    # Identity
    name = translated(plain_text.CharField(_("name"), max_length=120), required=True)
    slug = PublicSlugField(of="name")
    also_known_as = plain_text.CharField(
        _("also known as"),
        max_length=250,
        blank=True,
        help_text=_("Other spellings and names in any script, separated by commas. The search finds the city by them."),
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="cities")
    province = translated(plain_text.CharField(_("province"), max_length=120))
    colour = models.CharField(
        _("colour"),
        max_length=20,
        choices=Colour,
        blank=True,
        help_text=_("The colour of the city's pages and drawn tiles: left empty, the one that fewest cities have."),
    )
    cover = models.ForeignKey(
        "Photo",
        models.SET_NULL,
        verbose_name=_("cover photo"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Without a photo, the page shows a zellige pattern in the city's colour."),
    )
    cover_alternative = alternative_here(_("what the cover photo shows here"))
    # Words
    summary = translated(
        plain_text.TextField(
            _("summary"), max_length=400, help_text=_("One or two sentences for lists and search engines.")
        )
    )
    motivation = translated(RichTextField(_("why a learning city")))
    body = translated(RichTextField(_("how the city learns")))
    challenges = translated(RichTextField(_("challenges")))
    vision_title = translated(plain_text.CharField(_("title of the vision"), max_length=160))
    vision_year = models.PositiveSmallIntegerField(_("horizon of the vision"), null=True, blank=True, help_text="2030")
    vision = translated(RichTextField(_("vision")))
    # Contact
    website = links.URLField(_("website"), blank=True)
    contact_office = translated(
        plain_text.CharField(_("office to contact"), max_length=160, help_text=_("The mayor's office, for example."))
    )
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = plain_text.CharField(_("telephone"), max_length=40, blank=True)
    # For staff only
    note = plain_text.TextField(
        _("editors' note"), blank=True, help_text=_("For the staff only: never shown on the public site.")
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("editors"),
        blank=True,
        related_name="cities",
        help_text=_("Who prepares this city's pages."),
    )

    objects = CityQuerySet.as_manager()

    crops = (("4/5", "doorway", _("its page and lists")),)
    parts = ("recognitions", "axes", "figures", "gallery")
    untracked = ("editors",)
    edited_through = "editors"
    distinct_by = ("name", "region")
    needed = ("name", "summary")
    aspects = (
        "name",
        "summary",
        "cover",
        "motivation",
        "body",
        "challenges",
        "vision",
        "latitude",
        "contact_office",
        ("website", "contact_email", "contact_phone"),
        "recognitions",
        "axes",
        "figures",
    )
    has_proper_name = True
    list_name = "cities:list"
    found_by = {
        "title": ("name", "also_known_as"),
        "summary": ("summary",),
        "rest": ("province", "motivation", "body", "challenges", "vision_title", "vision"),
    }
    indexed_paths = ("region", "region__country")

    class Meta(Item.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["sort_fr", "id"]
        constraints = [
            *Item.Meta.constraints,
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=Q(vision_year__isnull=True) | Q(vision_year__range=(1900, 2200)),
                name="city_vision_year_plausible",
                violation_error_message=_("The horizon of the vision is a year, such as 2030."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.colour = self.colour or type(self).objects.active().colours()[0]
        super().save(**options)

    def get_absolute_url(self):
        return reverse("cities:detail", args=[self.slug])

    @property
    def card(self):
        return Card(self.name, self.region.name, self.colour, self.slug)

    @property
    def other_names(self):
        """Its names in other languages, where they differ from the one that is shown."""
        names = [Text(getattr(self, column), code) for column, code in zip(columns("name"), LANGUAGES, strict=True)]
        return list(dict.fromkeys(name for name in names if name and name != self.name))

    @property
    def named_by(self):
        return [*columns("name"), "also_known_as"]

    def recognitions_by_date(self):
        """What is only known to be of a year comes after what has a month in it."""
        return sorted(self.recognitions.all(), key=lambda row: (row.date.ljust(10, "~"), row.pk))

    def carried(self):
        photos = [self.cover, *(row.photo for row in self.gallery.select_related("photo"))]
        return [media for media in [*photos, *evidence(self.figures)] if media]


def told_once(recognitions):
    """Those that stand for themselves: a membership carries its announcement, where both are of one year."""
    kinds = Recognition.Kind
    announced = {row.date[:4]: row for row in recognitions if row.kind == kinds.ANNOUNCED and row.date}
    for row in recognitions:
        row.announcement = announced.pop(row.date[:4], None) if row.kind == kinds.MEMBER else None
    carried = [row.announcement for row in recognitions]
    return [row for row in recognitions if row not in carried]


class Recognition(Part):
    """A dated statement about the city, with the source that says so; membership is one of them."""

    class Kind(models.TextChoices):
        ANNOUNCED = "announced", _("announced as a new member of the network")
        MEMBER = "member", _("member of the network")
        LAPSED = "lapsed", _("membership ended")
        AWARD = "award", _("award")
        ECOLOGICAL_CITY = "ecological_city", _("ecological city")
        HERITAGE = "heritage", _("heritage")
        OTHER = "other", _("other recognition")

    part_of = "city"
    distinct_by = ("title", "kind", "date")

    city = models.ForeignKey(City, models.CASCADE, related_name="recognitions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    date = PartialDateField(_("date"), blank=True, help_text=_("A year, a month or a day: 2020, 09/2020, 23/09/2020."))
    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    text = translated(plain_text.TextField(_("text")))
    source = translated(plain_text.CharField(_("source"), max_length=250, help_text=_("Who says so, where and when.")))
    source_url = links.URLField(_("address of the source"), blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("recognition")
        verbose_name_plural = _("recognitions")
        ordering = ["date", "pk"]

    def __str__(self):
        return self.title

    def missing(self):
        lacking = {} if self.date else {"date": _("A recognition needs its date before it can be published.")}
        return lacking | missing_source(self, "title", _("A recognition needs its source before it can be published."))


class Axis(Part):
    """One of the lines along which the city's strategy works."""

    part_of = "city"
    distinct_by = ("title",)

    city = models.ForeignKey(City, models.CASCADE, related_name="axes")
    title = translated(plain_text.CharField(_("title"), max_length=160), required=True)
    text = translated(plain_text.TextField(_("text")))
    sdgs = models.ManyToManyField(SDG, verbose_name=_("sustainable development goals"), blank=True, related_name="axes")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("strategic axis")
        verbose_name_plural = _("strategic axes")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class Indicator(Term):
    """What a figure measures, where cities are compared by it."""

    unit = translated(plain_text.CharField(_("unit"), max_length=60))

    class Meta(Term.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")


#: The condition that a figure says itself what it counts.
LABELLED = ~Q(**dict.fromkeys(columns("label"), ""))


class Figure(Part):
    """A number that is never shown without its year and its source."""

    label = translated(plain_text.CharField(_("what it counts"), max_length=160))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    unit = translated(plain_text.CharField(_("unit"), max_length=60))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    source = translated(plain_text.CharField(_("source"), max_length=250, help_text=_("Who published it, and where.")))
    source_url = links.URLField(_("address of the source"), blank=True)
    document = models.ForeignKey(
        "cities.Document",
        models.SET_NULL,
        verbose_name=_("evidence"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The document that says so, for readers to download."),
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1000, 2200)),
                name="%(class)s_year_plausible",
                violation_error_message=_("The year of a figure has four digits, such as 2024."),
            )
        ]

    def __str__(self):
        return str(self.name)

    @classmethod
    def same(cls):
        """The condition in a subquery that a figure counts the same thing as the outer one, in a language at least."""
        return reduce(or_, (Q(**{f"{column}__gt": "", column: OuterRef(column)}) for column in columns("label")))

    def counts_the_same(self, other):
        return any(getattr(self, column) == getattr(other, column) != "" for column in columns("label"))

    @property
    def name(self):
        return self.label

    def missing(self):
        return missing_facts(self, "label")


def evidence(figures):
    """The documents that some figures rest on, each once."""
    return dict.fromkeys(figure.document for figure in figures.select_related("document"))


class CityFigure(Figure):
    """A figure of a city: an indicator that all cities share, or one in the city's own words."""

    part_of = "city"
    distinct_by = ("label", "indicator", "year")

    city = models.ForeignKey(City, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        verbose_name=_("indicator"),
        null=True,
        blank=True,
        related_name="figures",
        help_text=_("Choose one where it fits, so that cities can be compared; else say below what it counts."),
    )

    class Meta(Figure.Meta):
        ordering = ["indicator__position", ShownText("label").asc(), "-year", "pk"]
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=Q(indicator__isnull=False) | LABELLED,
                name="cityfigure_says_what_it_counts",
                violation_error_message=_("Choose an indicator, or say what the figure counts."),
            ),
            models.UniqueConstraint(
                fields=["city", "indicator", "year"],
                name="cityfigure_once_a_year",
                violation_error_message=_("The city already has this figure for this year."),
            ),
        ]

    @classmethod
    def same(cls):
        return Q(indicator=OuterRef("indicator")) | Q(super().same(), indicator=None)

    def counts_the_same(self, other):
        if self.indicator_id or other.indicator_id:
            return self.indicator_id == other.indicator_id
        return super().counts_the_same(other)

    @property
    def name(self):
        return self.label or (self.indicator.name if self.indicator else "")

    @property
    def shown_unit(self):
        return self.unit or (self.indicator.unit if self.indicator else "")


class CityPhoto(GalleryPhoto):
    part_of = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="gallery")

    class Meta(GalleryPhoto.Meta):
        constraints = [once_in_gallery("city")]
