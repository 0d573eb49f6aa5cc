"""The cities of a list on its map, each with its learning places."""

from learningcities.listing.map.places import Spot, list_map
from learningcities.text.translation import columns

from .models import City, LearningPlace

#: With more cities the map is too far away for learning places, unless it is zoomed to one city.
FEW = 3


def cities_for_map():
    """Public cities with what a map shows of them, and no more: there may be hundreds."""
    needed = ("slug", "colour", "latitude", "longitude", *columns("name"), *columns("region__name"))
    return City.objects.published().select_related("region").only(*needed)


def city_spot(city, **shown):
    return Spot(city, city.get_absolute_url(), about=city.region.name, colour=city.colour, **shown)


def map_of_cities(spots, at=""):
    """The map of cities' spots, and of the learning places of those that one may come near to."""
    near = {spot.row.pk: spot for spot in spots if len(spots) <= FEW or spot.slug == at}
    places = LearningPlace.objects.published().filter(city__in=list(near)).select_related("kind", "city")
    for place in places if near else ():
        city = near[place.city_id]
        city.parts.append(
            Spot(place, place.get_absolute_url(), about=place.kind.name, colour=city.colour, kind="place-")
        )
    return list_map(spots, at)
