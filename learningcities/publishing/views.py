"""What someone with the link of a preview gets: the bytes that were stored, whoever asks."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.utils.translation import activate
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from learningcities.text.translation import LANGUAGES

from .models import Preview

#: Kept nowhere, found by no search engine, and the token goes to nobody who is linked to.
HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@require_safe
@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
def preview(request, token, language):
    """Expired, revoked and never made are the same to who asks."""
    if language in LANGUAGES:
        activate(language)
        if preview_row := Preview.objects.opened_by(token).first():
            return HttpResponse(preview_row.pages[language], headers=HEADERS)
    # An error's way out is the home page, in every language.
    request.resolver_match = None
    raise Http404
