from django.contrib import admin

from learningcities.publishing.recorded_admin import RecordedAdmin

from .models import Synonym


@admin.register(Synonym)
class SynonymAdmin(RecordedAdmin):
    list_display = ["words"]
    search_fields = ["words"]
    fields = ["words"]
