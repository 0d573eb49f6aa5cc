"""What publishing tells. Whatever follows from a change listens here: publishing knows none of it."""

from django.dispatch import Signal

#: A row was changed: sent inside the transaction, with the class of the row as sender, before the content gets its new
#: version. `row`; `key`, its primary key, also once it is deleted; `patch`; `snapshot`, what it says now, {} once it is
#: deleted; `change`, the Change that is being applied, or None.
recorded = Signal()
