"""Who may do what, where it doesn't depend on a city (those rules: cities/rules.py)."""

import rules


@rules.predicate
def is_coordinator(user):
    return getattr(user, "is_coordinator", False)


@rules.predicate
def is_staff(user):
    return user.is_active and user.is_staff


@rules.predicate
def is_translator(user):
    return bool(user.translates)


@rules.predicate
def is_no_superuser(user, person=None):
    return person is None or not person.is_superuser


# A coordinator invites and assigns people, but can't touch a superuser or become one.
for action in ("view", "add", "change"):
    rules.add_perm(f"people.{action}_user", is_coordinator & is_no_superuser)
rules.add_perm("people", is_coordinator)


def allow(app, models, actions, predicate):
    """Give a predicate the permissions of several models: allow("cities", ["region"], ["view"], is_staff)."""
    for model in models:
        for action in actions:
            rules.add_perm(f"{app}.{action}_{model}", predicate)
