from hashlib import sha256
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from . import token
from .models import Report

#: A field that no person sees; what a machine writes into it betrays the machine.
TRAP = "subject"


class ReportForm(forms.ModelForm):
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Report
        fields = ["message", "sender_name", "sender_email"]
        labels = {
            "message": _("What is wrong?"),
            "sender_name": _("Your name (optional)"),
            "sender_email": _("Your e-mail address (optional)"),
        }
        help_texts = {
            "message": _("Say what should stand there instead and, if you know one, a source that can be checked."),
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
            "sender_name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "sender_email": forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_token(self):
        token.check(self.cleaned_data["token"])
        return self.cleaned_data["token"]

    def clean(self):
        if "token" not in self.cleaned_data:
            return
        digest = sha256(self.cleaned_data["token"].encode()).digest()
        self.instance.digest = UUID(bytes=digest[:16])
        if self.earlier and not self.was_sent and "message" in self.cleaned_data:
            self.refuse_token()

    def refuse_token(self):
        self.add_error("token", _("This form was sent before. Nothing is lost: please send it again."))

    @property
    def earlier(self):
        """The report that this form was sent with before."""
        return Report.objects.filter(digest=self.instance.digest).first()

    @property
    def was_sent(self):
        """Whether this form has come with this message before: by a double click, or by going back."""
        return self.earlier is not None and self.earlier.message == self.cleaned_data.get("message")

    @property
    def next_token(self):
        """For sending the form again: its own token as long as it holds, otherwise a new one."""
        return getattr(self, "cleaned_data", {}).get("token") or token.issue()
