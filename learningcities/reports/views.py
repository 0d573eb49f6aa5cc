from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from learningcities.text.translation import lasting_name
from learningcities.web.page_urls import PageUrls, encoded

from . import mail, target
from .forms import TRAP, ReportForm
from .models import Report
from .quota import exhausted, seconds_left


@csrf_exempt  # Django's own protection needs a cookie; the form's dated token takes its place.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request):
    """The form by which a visitor says what is wrong on a page."""
    about = target_of(request)
    query = encoded([("page", about.path)])
    sent = f"{reverse('reports:thanks')}?{query}"
    if request.POST.get(TRAP):
        return redirect(sent)
    title = lasting_name(about.item) if about.item else about.title
    new = Report(page=about.path, title=title[:200], item=about.item, language=get_language())
    form = ReportForm(request.POST if request.method == "POST" else None, instance=new)
    status = 200
    if form.is_valid():
        if form.was_sent:
            return redirect(sent)
        if whose := exhausted(request):
            form.add_error(None, gettext(TOO_MANY[whose]))
            status = 429
        elif store(form) or form.was_sent:
            return redirect(sent)
        else:  # by another click at the same moment, with other words
            form.refuse_token()
    context = {"form": form, "about": about, "query": query, "trap": TRAP, "addresses": PageUrls(request, query)}
    response = render(request, "reports/report_form.html", context, status=status)
    if status == 429:
        response["Retry-After"] = seconds_left()
    return response


TOO_MANY = {
    "connection": gettext_noop("Many reports have come from your connection. Please send this one in an hour."),
    "site": gettext_noop("Many reports have come from all sides. Please send this one in an hour."),
}


def store(form):
    """Keep the report, and have it mailed by and by; whether its form comes for the first time."""
    try:
        with transaction.atomic():
            form.save()
            transaction.on_commit(mail.send_soon, robust=True)
    except IntegrityError:
        return False
    Report.objects.old_senders().forget()
    return True


@never_cache
@require_safe
def thanks(request):
    about = target_of(request)
    query = encoded([("page", about.path)])
    context = {"about": about, "addresses": PageUrls(request, query)}
    return render(request, "reports/thanks.html", context)


def target_of(request):
    path = request.GET.get("page", reverse("home"))
    if not target.is_local(path):
        raise Http404
    return target.find(path)
