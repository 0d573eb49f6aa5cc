"""Who of the staff was active when: from their changes, and from their last login."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learningcities import bounds
from learningcities.publishing.version.content_version import moment
from learningcities.text.dates import near_moment

A_WEEK = timedelta(days=7)


def with_activity(people):
    """People with the moment of their last change, and how many they made in a week."""
    lately = Q(changes__created_at__gte=moment() - A_WEEK)
    return people.annotate(last_change=Max("changes__created_at"), lately=Count("changes", filter=lately))


@dataclass
class Activity:
    """When one person was active, in words."""

    person: object

    @property
    def at(self):
        return max(filter(None, [self.person.last_login, self.person.last_change]), default=None)

    @property
    def when(self):
        return near_moment(self.at) if self.at else _("never logged in yet")

    @property
    def changes(self):
        number = self.person.lately
        if not number:
            return _("no change this week")
        return ngettext("%(count)d change this week", "%(count)d changes this week", number) % {"count": number}


def staff_by_activity():
    """The members of staff, who was active last comes first."""
    people = with_activity(get_user_model().objects.filter(is_active=True, is_staff=True))
    known = [Activity(person) for person in people]
    known.sort(key=lambda each: (each.at is None, -each.at.timestamp() if each.at else 0))
    return known[: bounds.STAFF_LISTED]
