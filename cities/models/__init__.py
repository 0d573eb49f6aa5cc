from .city import Axis, City, CityFigure, CityPhoto, Figure, Indicator, Recognition, evidence
from .document import Document
from .media import Tag
from .photo import Photo, shown_photos
from .place import LearningPlace, PlaceKind
from .territory import Country, Region
from .vocabulary import SDG, Term

__all__ = [
    "SDG",
    "Axis",
    "City",
    "CityFigure",
    "CityPhoto",
    "Country",
    "Document",
    "Figure",
    "Indicator",
    "LearningPlace",
    "Photo",
    "PlaceKind",
    "Recognition",
    "Region",
    "Tag",
    "Term",
    "evidence",
    "shown_photos",
]
