"""How complete an item is, in the list and on the form of its admin: for the staff only."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from learningcities.care.completeness import missing_count
from learningcities.care.issues import issues_of


class CompletenessFilter(admin.SimpleListFilter):
    title = _("completeness")
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
        return [*super().get_list_display(request), "completeness"]

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), CompletenessFilter]

    @admin.display(description=_("completeness"), ordering=missing_count().desc())
    def completeness(self, item):
        if item.missing_aspects is None:
            return item.said_count
        form = self.admin_site.form_address(item)
        meter = '<a class="completeness-link" href="{}#completeness"><meter max="{}" value="{}"></meter> {}</a>'
        return format_html(meter, form, len(item.aspects), item.has_count, item.said_count)

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
