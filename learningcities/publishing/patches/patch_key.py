"""The keys of snapshots and patches. They are stored as texts: `title_fr`, `figures:<uuid>`, `figures:<uuid>:value`."""

from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist

from learningcities.text.translation import language_of


class PatchKey(NamedTuple):
    """A field of an item itself, a whole row of one of its parts, or a field of such a row."""

    part: str = ""
    uuid: UUID | str = ""
    field: str = ""

    @classmethod
    def parse(cls, text):
        name, _colon, rest = text.partition(":")
        return cls(name, *rest.partition(":")[::2]) if rest else cls(field=name)

    def __str__(self):
        return ":".join(str(name) for name in self if name)

    def of_field(self, name):
        """The text of the key of a field in the same row."""
        return f"{self.part}:{self.uuid}:{name}" if self.part else name

    @property
    def row(self):
        """The text of the key of the row of a part; empty for a field of the item itself."""
        return f"{self.part}:{self.uuid}" if self.part else ""

    @property
    def is_row(self):
        """Whether it names a whole row of a part."""
        return bool(self.part) and not self.field

    @property
    def name(self):
        """The name in the item's own model: of the field, or of the relation to the part."""
        return self.part or self.field

    def owner(self, model):
        """The model of the row that it is about; None if items of this model have no such part."""
        if not self.part:
            return model
        return model._meta.get_field(self.part).related_model if self.part in getattr(model, "parts", ()) else None

    def model_field(self, model):
        """The field or, for a whole row, the relation to the part; None if there is no such."""
        owner = self.owner(model)
        try:
            return owner and (model if self.is_row else owner)._meta.get_field(self.field or self.part)
        except FieldDoesNotExist:
            return None

    def language(self, model):
        """The language of the text that it names; None for what is no text in one language, such as a whole row."""
        return language_of(self.model_field(model))
