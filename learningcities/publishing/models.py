from .batch import Batch
from .change import Change, Step
from .clock import Clock
from .hold import Hold
from .item import Item, ItemQuerySet
from .presence import Presence
from .preview import Preview
from .recorded import Part, PartQuerySet, Recorded, RecordedQuerySet
from .redirect import Redirect
from .remark import Remark
from .translations import Translations

__all__ = [
    "Batch",
    "Change",
    "Clock",
    "Hold",
    "Item",
    "ItemQuerySet",
    "Part",
    "PartQuerySet",
    "Presence",
    "Preview",
    "Recorded",
    "RecordedQuerySet",
    "Redirect",
    "Remark",
    "Step",
    "Translations",
]
