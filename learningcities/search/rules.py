import rules

from learningcities.people.rules import allow, is_coordinator

allow("search", ["synonym"], ["view", "add", "change", "delete"], is_coordinator)
rules.add_perm("search", is_coordinator)
