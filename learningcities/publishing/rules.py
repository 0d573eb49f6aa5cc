import rules

from learningcities.people.rules import is_coordinator, is_staff


@rules.predicate
def is_the_author(user, change=None):
    return change is None or change.author_id == user.pk


@rules.predicate
def is_a_draft(user, change=None):
    return change is not None and change.state == "open"


rules.add_perm("publishing", is_staff)
# A draft is its author's alone until it is sent.
rules.add_perm("publishing.view_change", (is_coordinator & ~is_a_draft) | (is_staff & is_the_author))
rules.add_perm("publishing.view_batch", is_staff)
# A list of those beside what one looks after; who may see an item may write beside it.
rules.add_perm("publishing.view_comment", is_staff)
rules.add_perm("publishing.view_pagelock", is_staff)
# The board shows everyone what they look after.
rules.add_perm("publishing.view_translations", is_staff)
# Changing a Change means deciding about it; nobody edits or deletes the record itself.
rules.add_perm("publishing.decide_change", is_coordinator)
# May put items on the site and take them off.
rules.add_perm("publishing.publish", is_coordinator)
