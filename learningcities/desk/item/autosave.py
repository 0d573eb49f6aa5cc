"""What an open form sends while someone writes: kept in their draft, and who else is there."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, JsonResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learningcities.publishing.patches.patch_display import labels
from learningcities.publishing.rights.page_lock import PageLock
from learningcities.publishing.version.content_version import moment
from learningcities.publishing.workflow.presence import Presence
from learningcities.text.translation import listed

from .item_page import here
from .section_form import SectionForm
from .section_view import SAVED_BY, SectionView

RETURNED_REQUEST = gettext_lazy("Your request was returned to you. This browser keeps what you type until you save.")


class AutosaveView(SectionView):
    """Keep what an open form says in its author's draft, if it sends anything, and say who else is there."""

    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        request.FILES.clear()
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 302:
            # There is no such item for this person; to the script another page would mean that the login has ended.
            raise Http404
        return response

    def post(self, request, section="", row=""):
        self.find(section, row)
        others, news, answer = here(Presence.objects.meet(self.item, request.user)), "", {}
        if self.key is not None:
            form = SectionForm(self.editing, self.section, self.key, request.POST)
            news = self.news(form, SAVED_BY)
            answer = self.kept(form) if "form_id" in request.POST else {}
        return JsonResponse({"others": others, "news": news, **answer})

    def kept(self, form):
        """What became of the words: whether they are kept, a sentence about it, and the form's next token."""
        if self.editing.own and not self.editing.own.is_in_hand:
            text = _(
                "Your change waits for a coordinator or is approved. This browser keeps what you type until you save."
            )
            return {"kept": False, "said": text}
        if self.editing.asks_publication:
            # Its place is taken by the request: there is no draft to keep half words in.
            return {"kept": False, "said": RETURNED_REQUEST}
        if lock := PageLock.objects.of(self.item).against(self.request.user).first():
            return {"kept": False, "said": lock.sentence}
        form.is_valid()
        if not form.is_readable:
            return {"kept": False, "said": str(form.non_field_errors()[0])}
        wrong = listed(form.fields[name].label for name in form.errors if name in form.fields)
        try:
            with transaction.atomic():
                outcome = self.editing.save(self.key, form.changed(), form.was, form.knew, is_silent=True)
        except ValidationError as error:
            return {"kept": False, "said": " ".join(error.messages)}
        if outcome.doubled:
            return {"kept": False, "said": _("The same text was changed in another window. Save to see both.")}
        if outcome.refused:
            return {"kept": False, "said": outcome.refused}
        return self.said(form, wrong)

    def said(self, form, wrong):
        keys = [clash.key for clash in self.editing.clashes]
        if keys:
            fields = listed(labels(type(self.item), keys))
            text = _(
                "Someone else has changed the same text: %(fields)s. Both are kept; save to see them side by side."
            )
            text %= {"fields": fields}
        else:
            text = _("Kept in your draft at %(time)s.") % {"time": date_format(localtime(moment()), "TIME_FORMAT")}
        if wrong:
            text = _("%(said)s Except for what isn't right yet: %(fields)s") % {"said": text, "fields": wrong}
        token = self.editing.token_after(self.key, form.changed(), form.was, form.knew)
        return {"kept": not wrong, "said": text, "clash": bool(keys), "seen": token}
