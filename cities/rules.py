"""Who may do what with a city and everything that belongs to one.

An editor works on the cities given to them: they prepare, a coordinator publishes.
What they save of a public item waits as a Change (publishing/admin.py).
"""

import rules

from learningcities.people.rules import allow, is_coordinator, is_staff, is_translator


def city_ids(user):
    """The keys of the cities a member of staff edits, read once for each request."""
    if not hasattr(user, "_city_ids"):
        user._city_ids = set(user.cities.values_list("pk", flat=True))
    return user._city_ids


@rules.predicate
def has_a_city(user):
    return is_staff(user) and bool(city_ids(user))


@rules.predicate
def edits_the_city(user, row=None):
    """Without a row: may edit some city. A city's own row, an initiative, a place, a photo…: its city."""
    if row is None:
        return has_a_city(user)
    city = row.pk if row._meta.model_name == "city" else row.city_id
    return is_staff(user) and city in city_ids(user)


@rules.predicate
def was_never_public(user, row=None):
    return row is None or row.public_from is None


@rules.predicate
def belongs_to_no_city(user, row=None):
    return row is not None and row.city_id is None


#: A translator writes texts; what comes and goes is for the editors.
may_add = has_a_city & ~is_translator
may_bin = edits_the_city & ~is_translator & was_never_public
library = ["photo", "document"]

allow("cities", ["city", "learningplace", *library], ["view", "change"], is_coordinator | edits_the_city)
allow("cities", ["city"], ["add", "delete"], is_coordinator)
allow("cities", ["learningplace", *library], ["add"], is_coordinator | may_add)
allow("cities", ["learningplace", *library], ["delete"], is_coordinator | may_bin)
# A network's photo or document may be used by every city.
for name in library:
    rules.set_perm(f"cities.view_{name}", is_coordinator | edits_the_city | (has_a_city & belongs_to_no_city))

allow("cities", ["axis"], ["view"], is_coordinator | edits_the_city)

vocabularies = ["country", "region", "sdg", "placekind", "indicator", "tag"]
allow("cities", vocabularies, ["view"], is_staff)
allow("cities", vocabularies, ["add", "change", "delete"], is_coordinator)
rules.add_perm("cities", is_staff)
