from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from cities.models import City
from initiatives.models import Initiative

from . import errors, views
from .pages.models import Page
from .search import views as search_views
from .sitemaps import ItemSitemap, ListSitemap

sitemaps = {
    "lists": ListSitemap(),
    "cities": ItemSitemap(City),
    "initiatives": ItemSitemap(Initiative),
    "pages": ItemSitemap(Page),
}

urlpatterns = [
    path("", views.root, name="root"),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps}, name="sitemap"),
    path("media/<path:name>", views.media, name="media"),
]
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("cities/"), include("cities.urls")),
    path("initiatives/", include("initiatives.urls")),
    path(_("search/"), search_views.search, name="search"),
    path(_("search/proposals/"), search_views.proposals, name="proposals"),
    path(_("report/"), include("learningcities.reports.urls")),
    *([] if settings.PRODUCTION else [path("design/", views.design, name="design")]),
    path("<slug:slug>/", views.PageDetail.as_view(), name="page"),
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
