from learningcities.publishing.history.tracked_models import Part, PartQuerySet, Tracked, TrackedQuerySet
from learningcities.publishing.items.item import Item, ItemQuerySet
from learningcities.publishing.items.redirect import Redirect
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.translation.status import Translations
from learningcities.publishing.version.content_version import ContentVersion
from learningcities.publishing.workflow.batch import Batch
from learningcities.publishing.workflow.change import Change, Step
from learningcities.publishing.workflow.comment import Comment
from learningcities.publishing.workflow.presence import Presence
from learningcities.publishing.workflow.preview import Preview
from learningcities.publishing.workflow.removed_row import RemovedRow

__all__ = [
    "Batch",
    "Change",
    "Comment",
    "ContentVersion",
    "Item",
    "ItemQuerySet",
    "PageLock",
    "Part",
    "PartQuerySet",
    "Presence",
    "Preview",
    "Redirect",
    "RemovedRow",
    "Step",
    "Tracked",
    "TrackedQuerySet",
    "Translations",
]
