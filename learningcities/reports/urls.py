from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.report, name="report"),
    path(_("thanks/"), views.thanks, name="thanks"),
]
