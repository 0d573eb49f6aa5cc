import rules

from cities.rules import edits_the_city, may_add, may_bin
from learningcities.people.rules import allow, is_coordinator, is_staff

allow("initiatives", ["initiative"], ["view", "change"], is_coordinator | edits_the_city)
allow("initiatives", ["initiative"], ["add"], is_coordinator | may_add)
allow("initiatives", ["initiative"], ["delete"], is_coordinator | may_bin)

vocabularies = ["theme", "keyfeature", "audience"]
allow("initiatives", vocabularies, ["view"], is_staff)
allow("initiatives", vocabularies, ["add", "change", "delete"], is_coordinator)
rules.add_perm("initiatives", is_staff)
