"""The cities of a list on its map, each with its learning places."""

from learningcities.listing.map.places import MapPlace, list_map
from learningcities.text.translation import columns

from .models import City, LearningPlace

#: With more cities the map is too far away for learning places, unless it is zoomed to one city.
FEW = 3


def cities_for_map():
    """Public cities with what a map shows of them, and no more: there may be hundreds."""
    needed = ("slug", "colour", "latitude", "longitude", *columns("name"), *columns("region__name"))
    return City.objects.published().select_related("region").only(*needed)


def city_place(city, **shown):
    return MapPlace(city, city.get_absolute_url(), about=city.region.name, colour=city.colour, **shown)


def map_of_cities(places, at=""):
    """The map of the places that cities are, and of the learning places of those that one may come near to."""
    near = {place.row.pk: place for place in places if len(places) <= FEW or place.slug == at}
    parts = LearningPlace.objects.published().filter(city__in=list(near)).select_related("kind", "city")
    for part in parts if near else ():
        city = near[part.city_id]
        city.parts.append(
            MapPlace(part, part.get_absolute_url(), about=part.kind.name, colour=city.colour, kind="place-")
        )
    return list_map(places, at)
