from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from learningcities.desk.item.item_admin import ItemAdmin
from learningcities.desk.item.tracked_admin import BY_WORDS, TrackedAdmin
from learningcities.desk.section import Section, one_section
from learningcities.pages.models import MenuLink, Page, SiteText

PAGE = [
    Section("names", _("Names"), ("title",), is_name=True),
    Section("brief", _("In brief"), ("summary",)),
    Section("body", _("Text"), ("body",)),
    Section("address", _("Name in the address"), ("slug",), is_rare=True),
]


@admin.register(Page)
class PageAdmin(ItemAdmin):
    is_previewed = True
    sections = PAGE
    new_title = _("A new page")
    new_questions = {"title": _("What is it called?"), "summary": _("What is it about, in one sentence?")}
    list_display = ["title", "slug"]
    search_fields = BY_WORDS


@admin.register(SiteText)
class SiteTextAdmin(TrackedAdmin):
    list_display = ["key", "value"]
    search_fields = ["value_fr", "value_ar", "value_en"]
    sections = one_section("key", "value")


@admin.register(MenuLink)
class MenuLinkAdmin(TrackedAdmin):
    list_display = ["label", "place", "target", "page", "url", "position"]
    list_filter = ["place"]
    list_select_related = ["page"]
    sections = one_section("place", "position", "label", "target", "page", "url")
