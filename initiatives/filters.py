from django.utils.translation import gettext_lazy as _

from cities.filters import InitiativeQuestions, PlaceChoices
from learningcities.listing.filter_types import Sort, Words


class InitiativeFilter(InitiativeQuestions):
    q = Words(label=_("Words"))
    country = PlaceChoices(field_name="city__region__country__code", lookup_expr="in", label=_("Country"))
    region = PlaceChoices(field_name="city__region__slug", lookup_expr="in", label=_("Region"))
    city = PlaceChoices(field_name="city__slug", lookup_expr="in", label=_("City"))
    sort = Sort(
        {
            "recent": (_("newest first"), ("-public_from", "-id")),
            "title": (_("by title"), ("sort_{}", "id")),
            "city": (_("by city"), ("city__sort_{}", "city_id", "sort_{}", "id")),
        },
        label=_("Order"),
    )

    def of_cities(self):
        return self.facet_index.having("city")
