"""How complete an item is, in the list and on the form of its admin: for the staff only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import missing_count
from learningcities.care.issues import issues_of
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


class CompletenessAdmin:
    """For the admin of models that have completeness."""

    def get_list_display(self, request):
        """What is missing stands before who changed the row."""
        *columns, changed = super().get_list_display(request)
        return [*columns, "completeness", changed]

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), CompletenessFilter]

    @admin.display(description=_("is missing"), ordering=missing_count().desc())
    def completeness(self, item):
        """What a page lacks in three words, and how many more there are."""
        if item.missing_aspects is None:
            return "–"
        if not item.missing_aspects:
            return _("nothing")
        *first, more = [*item.missing_labels()[:3], len(item.missing_labels()[3:])]
        return listed([*first, *([f"+{more}"] if more else [])])

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["gaps"] = [(gap, self.way_to_gap(gap, obj)) for gap in obj.gaps()]
            context["issues"] = issues_of(obj)
            context["all_aspects"] = len(obj.aspects)
            context["has_aspects"] = len(obj.aspects) - len(context["gaps"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def way_to_gap(self, gap, item):
        """The links to the fields of what is missing, each with the name of its language where it has one."""
        page = "" if gap.row == item else self.admin_site.form_address(gap.row)
        languages = gap.languages
        if not languages:
            name = gap.fields[0]
            return [(f"#{name}-group" if name in item.parts else f"#id_{name}", "")]
        return [(f"{page}#id_{name}", language) for name, language in languages]
