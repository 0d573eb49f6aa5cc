from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap as addresses
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from rest_framework.routers import SimpleRouter

from cities import api as cities
from cities.models import City
from initiatives import api as initiatives
from initiatives.models import Initiative

from . import views
from .api.docs import docs
from .api.views import OpenAPI
from .listing import search_views as search_views
from .pages import offline
from .pages.models import Page
from .people.views import security_txt
from .publishing.views import preview
from .sitemaps import ItemSitemap, SiteSitemap, sitemap
from .web import errors

sitemaps = {
    "site": SiteSitemap(
        {
            "home": [City, Initiative],
            "cities:list": [City],
            "initiatives:list": [Initiative],
            "dataset": [City, Initiative],
            "api-docs": [City, Initiative],
        }
    ),
    "cities": ItemSitemap(City),
    "initiatives": ItemSitemap(Initiative),
    "pages": ItemSitemap(Page),
}

api = SimpleRouter(use_regex_path=False)
api.register("cities", cities.CityViewSet, "cities")
api.register("initiatives", initiatives.InitiativeViewSet, "initiatives")
api.register("places", cities.LearningPlaceViewSet, "places")
api.register("themes", initiatives.ThemeViewSet, "themes")
api.register("sdgs", cities.SDGViewSet, "sdgs")
api.register("key-features", initiatives.KeyFeatureViewSet, "key-features")
api.register("audiences", initiatives.AudienceViewSet, "audiences")
api.register("place-kinds", cities.PlaceKindViewSet, "place-kinds")
api.register("countries", cities.CountryViewSet, "countries")
api.register("regions", cities.RegionViewSet, "regions")
api.register("indicators", cities.IndicatorViewSet, "indicators")

urlpatterns = [
    path("", views.root, name="root"),
    path("admin/", include("learningcities.people.urls")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps}, name="sitemap"),
    path("sitemap-<slug:section>.xml", addresses, {"sitemaps": sitemaps}, name="addresses"),
    path("service-worker.js", offline.worker, name="worker"),
    path("icons/<slug:name>.png", offline.icon, name="icon"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("api/v1/", views.api, name="api"),
    path("api/v1/", include(([path("openapi.json", OpenAPI.as_view(), name="openapi"), *api.urls], "api"))),
    path("preview/<slug:token>/<slug:language>/", preview, name="preview"),
    path("media/<path:name>", views.media, name="media"),
]
urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path(_("cities/"), include("cities.urls")),
    path("initiatives/", include("initiatives.urls")),
    path(_("search/"), search_views.search, name="search"),
    path(_("search/proposals/"), search_views.proposals, name="proposals"),
    path(_("report/"), include("learningcities.reports.urls")),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline/", offline.offline, name="offline"),
    path(_("dataset/"), views.dataset, name="dataset"),
    path("share/<slug:kind>/<slug:slug>.png", views.share_image, name="share"),
    path("api/v1/", docs, {"router": api}, name="api-docs"),
    *([] if settings.PRODUCTION else [path("design/", views.design, name="design")]),
    path("<slug:slug>/", views.PageDetail.as_view(), name="page"),
)

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
