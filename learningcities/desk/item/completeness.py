"""How complete an item is, in the list of its admin: for the staff only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import missing_count
from learningcities.text.translation import listed


class CompletenessFilter(admin.SimpleListFilter):
    title = _("is missing")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        model = model_admin.model
        aspects = [(name, _("lacks: %(what)s") % {"what": model.aspect_label(name)}) for name in model.aspect_fields()]
        return [("nothing", _("lacks nothing")), ("something", _("lacks something")), *aspects]

    def queryset(self, request, queryset):
        if self.value() == "nothing":
            return queryset.filter(missing_aspects="")
        if self.value() == "something":
            return queryset.filter(missing_aspects__gt="")
        return queryset.without(self.value()) if self.value() else queryset


@admin.display(description=_("is missing"), ordering=missing_count().desc())
def completeness(item):
    """What a page lacks in three words, and how many more there are."""
    if item.missing_aspects is None:
        return "–"
    if not item.missing_aspects:
        return _("nothing")
    # The sign stands before its number where one reads from right to left, too.
    *first, more = [*item.missing_labels()[:3], len(item.missing_labels()[3:])]
    return listed([*first, *([f"\u2066+{more}\u2069"] if more else [])])
