from .city import LABELLED, Axis, City, CityFigure, CityPhoto, Figure, Indicator, Recognition, evidence, told_once
from .document import Document
from .media import Tag
from .photo import Covered, GalleryPhoto, Photo, alternative_here, once_in_gallery, shown_photos
from .place import LearningPlace, PlaceKind
from .territory import Country, Region
from .vocabulary import SDG, Term

__all__ = [
    "LABELLED",
    "SDG",
    "Axis",
    "City",
    "CityFigure",
    "CityPhoto",
    "Country",
    "Covered",
    "Document",
    "Figure",
    "GalleryPhoto",
    "Indicator",
    "LearningPlace",
    "Photo",
    "PlaceKind",
    "Recognition",
    "Region",
    "Tag",
    "Term",
    "alternative_here",
    "evidence",
    "once_in_gallery",
    "shown_photos",
    "told_once",
]
