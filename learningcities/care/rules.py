import rules

from learningcities.people.rules import is_coordinator, is_staff

from .models import Link


@rules.predicate
def looks_after_a_mention(user, link=None):
    return link is None or Link.objects.seen_by(user).filter(pk=link.pk).exists()


rules.add_perm("care", is_staff)
# Links come from what is written on the pages: nobody adds, edits or deletes one here.
rules.add_perm("care.view_link", is_coordinator | (is_staff & looks_after_a_mention))
