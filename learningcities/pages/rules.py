import rules

from learningcities.people.rules import allow, is_coordinator

allow("pages", ["page", "sitetext", "menulink"], ["view", "add", "change", "delete"], is_coordinator)
rules.add_perm("pages", is_coordinator)
