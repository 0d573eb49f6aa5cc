from django.contrib import admin

from learningcities.desk.item.tracked_admin import TrackedAdmin
from learningcities.desk.section import one_section
from learningcities.search.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(TrackedAdmin):
    help_part = "words-that-mean-the-same-coordinators"
    list_display = ["words"]
    search_fields = ["words"]
    sections = one_section("words")
