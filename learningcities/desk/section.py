"""Sections: what a page of an item is edited by, one small form each, in the order in which visitors see them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedField

from learningcities.publishing.patches.patch_key import PatchKey
from learningcities.text.translation import columns


@dataclass(frozen=True)
class Section:
    """Some fields of an item or, with `part`, of each row of one of its parts."""

    name: str
    title: str
    #: Translated fields are named once, without a language.
    fields: tuple
    part: str = ""
    #: Of a row in one line: what it is called by, and what is said of it.
    line: tuple = ()
    #: One sentence on what belongs here.
    help: str = ""
    #: A part of a longer story, which is offered as "tell more" while it is empty.
    is_story: bool = False
    #: What is rarely changed is folded under "More".
    is_rare: bool = False
    #: Its fields say what the item is called, and stand in the head of the page.
    is_name: bool = False
    is_for_coordinators: bool = False
    #: The method of its admin that shows its row as a picture, say: above the fields, and on the outline.
    picture: str = ""

    def model(self, item_model):
        """The model of its rows, or of the item itself."""
        return PatchKey(self.part, "-").owner(item_model)

    def has_order(self, item_model):
        """Whether its rows have an order of their own, in which they can be put."""
        return bool(self.part) and has_position(self.model(item_model))

    def columns(self, item_model):
        """The names of its database fields, a translated text in each language."""
        model = self.model(item_model)
        return [
            column
            for name in self.fields
            for column in (columns(name) if isinstance(getattr(model, name, None), TranslatedField) else [name])
        ]

    def has(self, key, item_model):
        """Whether a key of a patch names something of it."""
        return key.part == self.part and (bool(self.part) or key.field in self.columns(item_model))


def one_section(*fields):
    """The sections of what is small enough for one form."""
    return [Section("words", _("What it says"), fields)]


def section_of(sections, key, item_model):
    """The section that a key of a patch stands in, or None."""
    return next((section for section in sections if section.has(key, item_model)), None)


def has_position(model):
    return any(field.name == "position" for field in model._meta.concrete_fields)


def fields_of(sections, item_model):
    """What the sections name of an item and of each of its parts: [(part, model, fields)]."""
    described = []
    for part in ("", *item_model.parts):
        model = PatchKey(part, "-").owner(item_model)
        names = [name for section in sections if section.part == part for name in section.columns(item_model)]
        # The order of rows is given by moving them, and in a file by a number.
        described.append((part, model, [*names, *(["position"] if part and has_position(model) else [])]))
    return described
