"""What the desk's first page shows: where one left off, what waits for one, one's cities, and everything else."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from learningcities import bounds
from learningcities.operations.models import QueuedMail
from learningcities.publishing.items.item import about_items, item_kinds, owner_path
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.workflow.change import Change

from .last_work import last_works
from .notices import changes_address, groups_for
from .own_cities import links_in_words, own_cities


@dataclass
class UnderWay:
    """Something that goes on without the reader: what, how much of it, and the list of just this."""

    name: str
    number: int
    address: str


def first_page(site, request):
    user = request.user
    cities = own_cities(site, user) if looks_after_cities(site, request) else []
    groups = groups_for(site, user)
    return {
        "title": _("Your desk"),
        "colour": cities[0].colour if len(cities) == 1 else "",
        "greeting": greeting(user),
        "sentence": sentence(groups),
        "works": last_works(site, request),
        "groups": groups,
        "under_way": [line for line in under_way(user) if line.number],
        "cities": cities[: bounds.CARE_DESK_ROWS],
        "all_cities": len(cities),
        "links": links_in_words(user) if cities else "",
        "adding": adding(site, request),
        "queued_mails": QueuedMail.objects.waiting().count() if user.is_coordinator else 0,
    }


def greeting(user):
    name = user.first_name or str(user)
    return format_html(_("Hello {}"), format_html("<bdi>{}</bdi>", name))


def sentence(groups):
    """What waits for someone, in words that lead to it."""
    if not groups:
        return _("Nothing waits for you.")
    clauses = [capfirst(groups[0].clause), *(group.clause for group in groups[1:])]
    links = [
        format_html('<a href="#for-you-{}">{}</a>', group.name, clause)
        for group, clause in zip(groups, clauses, strict=True)
    ]
    *first, last = links
    if first:
        before = format_html_join(pgettext("between names", ", "), "{}", ((link,) for link in first))
        last = format_html(_("{} and {}"), before, last)
    return format_html("{}.", last)


def under_way(user):
    """What others do next, each with the number of rows in its list."""
    own = {"author__id__exact": user.pk}
    lists = [
        (_("Your drafts"), {"state__exact": Change.State.OPEN, **own}),
        (_("Sent by you, waiting for review"), {"state__exact": Change.State.REVIEW, **own}),
        (_("Scheduled"), {"state__exact": Change.State.SCHEDULED}),
    ]
    counts = {f"n{place}": Count("pk", filter=Q(**query)) for place, (_name, query) in enumerate(lists)}
    numbers = Change.objects.seen_by(user).aggregate(**counts)
    lines = [
        UnderWay(name, numbers[f"n{place}"], changes_address(**query)) for place, (name, query) in enumerate(lists)
    ]
    return [*lines, *reserved(user)]


def reserved(user):
    """The pages that someone keeps to themselves, for those who can release them."""
    if not user.is_coordinator:
        return []
    locks = PageLock.objects.active().filter(about_items(lambda kind: kind.objects.edited_by(user)))
    return [UnderWay(_("Reserved pages"), locks.count(), reverse("admin:publishing_pagelock_changelist"))]


def looks_after_cities(site, request):
    return any(row_admin.has_view_permission(request) for row_admin in owners(site))


def owners(site):
    return [row_admin for model, row_admin in site._registry.items() if owner_path(model) == ""]


def adding(site, request):
    """What can be added to a city with one press: the words of the button, its address, its picture."""
    return [
        (row_admin.adding, reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_add"), kind._meta.model_name)
        for kind in item_kinds()
        if (row_admin := site._registry.get(kind)) and hasattr(row_admin, "adding")
        if row_admin.has_add_permission(request)
    ]
