"""The addresses of the site, and two to compare with: the least that Django can answer, and a list by plain queries."""

from django.http import HttpResponse
from django.urls import path

from initiatives.views import InitiativeList
from learningcities.urls import *  # noqa: F403
from learningcities.urls import urlpatterns as of_the_site

from .plain import PlainFilter


def hello(request):
    return HttpResponse("Hello, world.")


urlpatterns = [
    path("hello/", hello),
    path("plain/", InitiativeList.as_view(filterset_class=PlainFilter)),
    *of_the_site,
]
