from .change import Change
from .clock import Clock
from .item import Item, ItemQuerySet
from .recorded import Part, Recorded, RecordedQuerySet
from .redirect import Redirect

__all__ = ["Change", "Clock", "Item", "ItemQuerySet", "Part", "Recorded", "RecordedQuerySet", "Redirect"]
