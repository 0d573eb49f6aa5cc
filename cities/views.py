from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learningcities.listing.map.markers import map_of
from learningcities.listing.views import FilteredListView, PublishedDetailView

from . import linked_data
from .columns import COLUMNS, with_columns
from .filters import CityFilter
from .maps import cities_for_map, city_place, map_of_cities
from .models import City, Recognition, shown_photos, told_once


class CityList(FilteredListView):
    model = City
    filterset_class = CityFilter
    template_name = "cities/city_list.html"
    name, title, intro = "cities", _("Cities"), "cities_intro"
    columns, with_columns = COLUMNS, staticmethod(with_columns)

    def map(self, filterset):
        cities = filterset.answer.through(cities_for_map())
        return map_of_cities([city_place(city) for city in cities], filterset.at_slug)


class CityDetail(PublishedDetailView):
    model = City
    list_name = "cities:list"
    template_name = "cities/city_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_card()

    def shown(self, city):
        initiatives = city.initiatives.published()
        places = list(city.places.published().select_related("kind"))
        return super().shown(city) | {
            "recognitions": (recognitions := city.recognitions_by_date()),
            "timeline": told_once(recognitions),
            "award": next((row for row in reversed(recognitions) if row.kind == Recognition.Kind.AWARD), None),
            "number_of_initiatives": initiatives.count(),
            "axes": list(city.axes.prefetch_related("sdgs")),
            "places": places,
            "series": (ordered := series(city.figures.select_related("indicator", "document"))),
            "population": next((same.figures[-1] for same in ordered if is_population(same.figures[-1])), None),
            "initiatives": list(initiatives.select_related("city__region", "cover")[:6]),
            "themes": list(themes_of(initiatives)),
            "gallery": shown_photos(city),
            "map": map_of([city, *places], ratio=1.7),
        }

    def linked_data(self, head, context):
        return linked_data.city_page(head, context, reverse(self.list_name))


def is_population(figure):
    return figure.indicator is not None and figure.indicator.slug == "population"


def themes_of(initiatives):
    vocabulary = initiatives.model._meta.get_field("themes").related_model
    return vocabulary.objects.filter(initiatives__in=initiatives).distinct()


class Series(NamedTuple):
    """The figures of one thing over the years, from the earliest."""

    name: str
    unit: str
    figures: list

    @property
    def most(self):
        return max(figure.value for figure in self.figures)


def series(figures):
    alike = []
    for figure in figures:
        same = next((same for same in alike if figure.counts_the_same(same[0])), None)
        same.append(figure) if same else alike.append([figure])
    ordered = [sorted(same, key=lambda figure: figure.year or 0) for same in alike]
    return [Series(same[0].name, same[0].shown_unit, same) for same in ordered]
