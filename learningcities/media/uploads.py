"""A field of a form whose file is looked at once, however often the form is read."""

from django import forms
from django.core.exceptions import ValidationError


class InspectedFileField(forms.FileField):
    #: What `cleaned` makes of a file that is taken.
    clean_class = cleaned = None

    def looked_at(self, data):
        """The file as the form may take it later on, inside a transaction: with whatever there is to say against it."""
        try:
            return self.to_python(data)
        except ValidationError as error:
            data.refusal = error
            return data

    def to_python(self, data):
        if refusal := getattr(data, "refusal", None):
            raise refusal
        data = super().to_python(data)
        return data if data is None or isinstance(data, self.clean_class) else self.cleaned(data)
