"""What an editor of some cities meets in the admin: the rows of these cities."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .rules import city_ids


class OwnCities(admin.RelatedFieldListFilter):
    """A list filter by city: an editor meets the names of their own cities only; what has none is the network's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = _("the network")

    def field_choices(self, field, request, model_admin):
        own = {} if request.user.is_coordinator else {"pk__in": city_ids(request.user)}
        return field.get_choices(include_blank=False, limit_choices_to=own)


class CityScoped:
    """Rows that belong to a city: an editor adds to their own."""

    def get_changeform_initial_data(self, request):
        cities = city_ids(request.user)
        only = next(iter(cities)) if len(cities) == 1 else None
        return {"city": only, **super().get_changeform_initial_data(request)}
