"""The two shapes of answer: the rows of a list, a page at a time, and one of them."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import activate
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import get_object_or_404
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from learningcities.publishing.items.redirect import is_gone, successor
from learningcities.text.translation import FIRST_LANGUAGE, LANGUAGES
from learningcities.web import rate_limits
from learningcities.web.json_errors import chosen_language, open_to_all
from learningcities.web.query_errors import none_of, unknown

from . import errors
from .filtering import ByFilterSet
from .pagination import Pages
from .schema import DescribedSchema, document


class JSONOnly(BaseContentNegotiation):
    """There is one format, whatever a browser says it likes best."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Public:
    """Read by anybody from anywhere: no login, no cookie, one language or all of them."""

    authentication_classes = permission_classes = parser_classes = throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JSONOnly
    schema = DescribedSchema()

    #: The language that was asked for; None means all of them.
    language = None
    #: The names that an address may ask with.
    parameters = ("lang",)

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if seconds := rate_limits.wait(request, "api"):
            raise errors.TooMany(seconds)
        self.language = chosen_language(request)
        if "lang" in request.GET and not self.language:
            raise errors.WrongValues({"lang": [none_of(request.GET["lang"], _("language"), LANGUAGES)]})
        if wrong := unknown(request.GET, self.parameters):
            raise errors.WrongValues(wrong)
        # A list is in the order of the language asked for, never of the reader's browser.
        activate(self.language or FIRST_LANGUAGE)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == 200:
            response["Content-Language"] = self.language or ", ".join(LANGUAGES)
        return open_to_all(response)

    def options(self, request, *args, **kwargs):
        """What a browser asks before it lets another site's page read."""
        headers = {"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS", "Access-Control-Allow-Headers": "*"}
        return Response(status=204, headers={**headers, "Access-Control-Max-Age": "86400"})

    def get_exception_handler(self):
        return errors.answer


class RowViewSet(Public, GenericViewSet):
    """The rows of a vocabulary."""

    pagination_class = Pages
    lookup_field = lookup_url_kwarg = "slug"
    lookup_value_converter = "slug"
    #: What a row says on its own, where that is more than in a list.
    detail_serializer_class = None
    filterset_class = None

    @property
    def parameters(self):
        if self.action != "list":
            return ["lang"]
        return [*(self.filterset_class.names() if self.filterset_class else ()), "page", "page_size", "lang"]

    def get_serializer_class(self):
        detail = self.action == "retrieve" and self.detail_serializer_class
        return detail or self.serializer_class

    def list(self, request):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request, slug):
        return Response(self.get_serializer(self.get_row(slug)).data)

    def get_row(self, slug):
        return get_object_or_404(self.get_queryset(), **{self.lookup_field: slug})


class ItemViewSet(RowViewSet):
    """Published items, found by the same parameters and in the same order as on the pages."""

    model = None
    filter_backends = (ByFilterSet,)

    def get_queryset(self):
        return self.model.objects.published()

    def retrieve(self, request, slug):
        """The item; 301 to where it is now, 410 for what was public once, 404 for the rest."""
        if item := self.get_queryset().filter(slug=slug).first():
            return Response(self.get_serializer(item).data)
        if item := successor(self.model, slug):
            language = f"?lang={self.language}" if self.language else ""
            address = request.build_absolute_uri(reverse(f"api:{self.basename}-detail", args=[item.slug])) + language
            return Response({"url": address}, status=301, headers={"Location": address})
        if is_gone(self.model, slug):
            raise errors.Gone
        raise Http404


class OpenAPI(Public, APIView):
    schema = None

    def get(self, request):
        return Response(document(self.language or FIRST_LANGUAGE))
