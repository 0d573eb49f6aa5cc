"""By what a row is told from others of its kind: its name, and what that is unique within (`distinct_by`)."""

from learningcities.text.folding import fold
from learningcities.text.translation import columns


def distinguishing(model):
    """The columns of its name, and the fields within whose values it is one of a kind."""
    name, *others = model.distinct_by
    return columns(name), *others


def distinguishing_values(row):
    names, *others = distinguishing(type(row))
    values = {name: getattr(row, name) for name in names}
    return values | {name: getattr(row, type(row)._meta.get_field(name).attname) for name in others}


def identities(model, values):
    """What a row is told from others by, once for each name that it has in a language."""
    if not getattr(model, "distinct_by", ()):
        return set()
    names, *others = distinguishing(model)
    rest = tuple(str(values.get(name) or "") for name in others)
    texts = [str(values.get(name) or "") for name in names]
    return {(fold(text) or text, *rest) for text in texts if text}


def name_in(model, values):
    """What a row is called, in the first language that has a name of it."""
    names, *_others = distinguishing(model)
    return next((values[name] for name in names if values.get(name)), "")
