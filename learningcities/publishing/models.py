from learningcities.publishing.history.tracked import Part, PartQuerySet, Recorded, RecordedQuerySet
from learningcities.publishing.items.item import Item, ItemQuerySet
from learningcities.publishing.items.redirect import Redirect
from learningcities.publishing.rights.page_lock import Hold
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import Clock
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.change import Change, Step
from learningcities.publishing.workflow.comment import Remark
from learningcities.publishing.workflow.presence import Presence
from learningcities.publishing.workflow.preview import Preview

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
