from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from learningcities import limits
from learningcities.addresses import Addresses, encoded

from . import mail, target
from .forms import TRAP, ReportForm
from .models import Report


@csrf_exempt  # Django's own protection needs a cookie; the form's dated token takes its place.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request):
    """The form by which a visitor says what is wrong on a page."""
    about = target_of(request)
    kept = encoded([("page", about.path)])
    sent = f"{reverse('reports:thanks')}?{kept}"
    if request.POST.get(TRAP):
        return redirect(sent)
    new = Report(page=about.path, title=about.title[:200], item=about.item, language=get_language())
    form = ReportForm(request.POST if request.method == "POST" else None, instance=new)
    status = 200
    if form.is_valid():
        if form.was_sent:
            return redirect(sent)
        if not limits.wait(request, "reports"):
            store(form, request.build_absolute_uri("/").rstrip("/"))
            return redirect(sent)
        form.add_error(None, gettext("Many reports have come from your connection. Please send this one in an hour."))
        status = 429
    context = {"form": form, "about": about, "kept": kept, "trap": TRAP, "addresses": Addresses(request, kept)}
    return render(request, "reports/report_form.html", context, status=status)


def store(form, root):
    """Keep the report, then send it; where sending fails, that is logged and the report stays."""
    try:
        with transaction.atomic():
            report = form.save()
            transaction.on_commit(lambda: mail.send(report, root), robust=True)
    except IntegrityError:
        if not form.was_sent:  # by another click at the same moment
            raise
    Report.objects.old_senders().forget()


@never_cache
@require_safe
def thanks(request):
    about = target_of(request)
    kept = encoded([("page", about.path)])
    context = {"about": about, "addresses": Addresses(request, kept)}
    return render(request, "reports/thanks.html", context)


def target_of(request):
    path = request.GET.get("page", reverse("home"))
    if not target.is_local(path):
        raise Http404
    return target.find(path)
