"""The links that lead out of the site: where each is written, and what became of it whenever it was tried."""

from datetime import timedelta
from functools import cache
from html import unescape
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learningcities.publishing.items.item import Item, about_items, item_kinds
from learningcities.publishing.patches.patch_display import label
from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.publishing.version.content_version import ContentVersion, moment
from learningcities.text.richtext import LINK, RichTextField

A_DAY = timedelta(days=1)


class Reason(models.TextChoices):
    """Why a link leads nowhere."""

    GONE = "gone", _("The page is no longer there.")
    BROKEN = "broken", _("The other site answers with an error.")
    SILENT = "silent", _("The other site doesn't answer.")
    UNKNOWN = "unknown", _("There is no such site.")
    UNSAFE = "unsafe", _("The other site can't prove who it is (its certificate is not valid).")
    PRIVATE = "private", _("The address leads into a private network, where visitors can't follow.")
    LOOP = "loop", _("The address leads from one page to the next and never arrives.")
    WRONG = "wrong", _("This is not the address of a web page.")


class LinkQuerySet(models.QuerySet):
    def of_public_items(self):
        """Those that visitors may meet now."""
        return self.filter(pk__in=Mention.objects.of(lambda model: model.objects.published()).values("link"))

    def seen_by(self, user):
        """Those in what a member of staff looks after."""
        if user.is_coordinator:
            return self
        theirs = Mention.objects.of(lambda model: model.objects.edited_by(user))
        return self.filter(pk__in=theirs.values("link"))

    def due(self, before):
        """Public ones that nobody has tried since."""
        return self.of_public_items().filter(Q(checked_at=None) | Q(checked_at__lt=before))

    def in_words(self):
        """How many were looked at, and what came of it: never only a number."""
        numbers = self.aggregate(
            looked_at=Count("checked_at"), failing=Count("failing_since"), new=Count("pk", filter=Q(checked_at=None))
        )
        looked_at, failing, new = numbers.values()
        if not looked_at + new:
            return _("No link to another site is written yet.")
        if not looked_at:
            return ngettext("%(count)d link, never looked at yet.", "%(count)d links, never looked at yet.", new) % {
                "count": new
            }
        good = looked_at - failing
        sentences = [
            (ngettext("%(count)d looked at, it answers.", "%(count)d looked at, all answer.", looked_at), looked_at)
            if not failing
            else (ngettext("%(count)d answers.", "%(count)d answer.", good), good),
            (ngettext("%(count)d doesn’t answer.", "%(count)d don’t answer.", failing), failing),
            (ngettext("%(count)d never looked at yet.", "%(count)d never looked at yet.", new), new),
        ]
        return " ".join(text % {"count": number} for text, number in sentences if number)

    def failed(self):
        """Those that failed, and failed again a day later; it takes one success to mend them."""
        return self.filter(checked_at__gte=F("failing_since") + A_DAY)


class Link(models.Model):
    """An address on another site, however many pages name it."""

    address = models.URLField(_("address"), max_length=500, unique=True)
    checked_at = models.DateTimeField(_("last tried on"), null=True)
    #: The first of the failures that have followed one another until now.
    failing_since = models.DateTimeField(_("failing since"), null=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to another site")
        verbose_name_plural = _("links to other sites")
        ordering = ["address"]

    def __str__(self):
        return self.address

    @property
    def host(self):
        return urlsplit(self.address).hostname or ""

    def note(self, status, reason):
        """Write down what became of a try; without a reason it was good."""
        self.checks.create(at=moment(), status=status, reason=reason)
        self.checked_at, self.reason = moment(), reason
        self.failing_since = (self.failing_since or self.checked_at) if reason else None
        self.save()


class Check(models.Model):
    """One try of a link."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="checks")
    at = models.DateTimeField(_("date"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)

    class Meta:
        verbose_name = _("try of a link")
        verbose_name_plural = _("tries of a link")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.get_reason_display() if self.reason else str(_("works"))


class MentionQuerySet(models.QuerySet):
    def of(self, rows):
        """The mentions in certain items; `rows` says for each kind of item which."""
        return self.filter(about_items(rows))

    def broken(self):
        """Where visitors meet a broken link."""
        mentions = self.of(lambda model: model.objects.published())
        return mentions.filter(link__in=Link.objects.failed()).order_by("link", "pk")

    def follow(self, item, key, patch):
        """Take in a change of an item: the links of what it touches are those that are written there now."""
        if not isinstance(item, Item):
            return
        place = {"content_type": ContentType.objects.get_for_model(item), "object_id": key}
        for name, sides in patch.items():
            before, after = (set(links_in(type(item), name, side)) for side in sides)
            for where, address in before - after:
                self.filter(key=where, link__address=address, **place).delete()
            for where, address in after - before:
                link, _made = Link.objects.get_or_create(address=address)
                self.get_or_create(link=link, key=where, **place)

    def collect(self):
        """Bring the mentions in step with all that is written, whichever way that came to be."""
        with transaction.atomic():
            # What is written meanwhile would be taken for a link that is written nowhere.
            ContentVersion.lock_writes()
            self.follow_all()

    def follow_all(self):
        known = {tuple(place): pk for pk, *place in self.values_list("pk", *PLACE)}
        written = set(all_links())
        self.filter(pk__in=[pk for place, pk in known.items() if place not in written]).delete()
        for content_type, object_id, key, address in written - known.keys():
            link, _made = Link.objects.get_or_create(address=address)
            self.create(content_type_id=content_type, object_id=object_id, key=key, link=link)
        Link.objects.filter(mentions=None).delete()


#: What makes a mention.
PLACE = ("content_type", "object_id", "key", "link__address")


class Mention(models.Model):
    """A place where a link is written: an item and the key of the field, as in patches."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="mentions")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    item = GenericForeignKey()
    key = models.CharField(max_length=120)

    key_columns = ("key",)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "key", "link"], name="mention_once")
        ]

    def __str__(self):
        return self.link.address

    @property
    def tracked_row(self):
        return self.item

    @property
    def where(self):
        """What an editor calls the field, or the rows that it is one of."""
        return label(self.content_type.model_class(), self.key)


class Reminder(models.Model):
    """That someone has been written to, in a month, about what needs their care."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    month = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="reminder_once_a_month")]

    def __str__(self):
        return f"{self.person} {self.month:%Y-%m}"


# What is written


@cache
def link_fields(model):
    """The names of the fields that can lead out of the site."""
    return [field.name for field in model._meta.concrete_fields if isinstance(field, (models.URLField, RichTextField))]


def links_in(model, key, value):
    """The links in what a snapshot or a patch says under a key, as (key of the field, address)."""
    key = PatchKey.parse(key)
    owner, values = key.owner(model), (value or {}) if key.is_row else {key.field: value}
    return [
        (key.of_field(name), address) for name, words in values.items() for address in addresses(owner, name, words)
    ]


def addresses(model, name, value):
    """The addresses on other sites that a field leads to, each once, without the place on the page."""
    if not value or name not in link_fields(model):
        return []
    is_rich = isinstance(model._meta.get_field(name), RichTextField)
    written = [unescape(href) for href, _words in LINK.findall(value)] if is_rich else [value]
    return list(dict.fromkeys(urldefrag(address).url for address in written if leads_out(address)))


def leads_out(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_own = parts.hostname in (urlsplit(settings.SITE_ADDRESS).hostname, *settings.ALLOWED_HOSTS)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not is_own and len(address) <= 500


def all_links():
    """Every link that is written in an item or in one of its parts, as (kind, key of the item, field, address)."""
    for kind in item_kinds():
        content_type = ContentType.objects.get_for_model(kind).pk
        for key, where, address in links_of_rows(kind, "pk"):
            yield content_type, key, where, address
        for name in kind.parts:
            part = kind._meta.get_field(name).related_model
            for key, where, address in links_of_rows(part, f"{part.part_of}_id", name):
                yield content_type, key, where, address


def links_of_rows(model, item, part=""):
    fields = link_fields(model)
    for key, pk, *values in model._base_manager.values_list(item, "pk", *fields):
        for field, value in zip(fields, values, strict=True):
            for address in addresses(model, field, value):
                yield key, str(PatchKey(part, pk if part else "", field)), address
