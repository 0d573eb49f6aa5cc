"""Keys of rows as forms and addresses say them: a text that may be anything."""

from django.core.exceptions import ValidationError
from django.forms import ModelMultipleChoiceField
from django.shortcuts import get_object_or_404


def is_key(model, text):
    """Whether a row could have this key."""
    return is_possible(model._meta.pk, text)


def is_possible(field, text):
    """Whether a column that names rows could hold this: a number that no database holds is the key of nothing."""
    try:
        field.clean(text, None)
    except ValidationError:
        return False
    return True


def chosen(rows, key):
    """The row that a form names, if it is one of these."""
    return get_object_or_404(rows, pk=key if is_key(rows.model, key) else None)


class RowsField(ModelMultipleChoiceField):
    """Some rows; what can't be a key is a choice like any other that isn't there."""

    def clean(self, value):
        for key in value or ():
            if not is_key(self.queryset.model, key):
                text = self.error_messages["invalid_choice"]
                raise ValidationError(text, code="invalid_choice", params={"value": key})
        return super().clean(value)
