"""Who gets what from every address of the URL configuration, read and sent to, about the rows of one city."""

import logging
import re
from collections import defaultdict
from contextlib import nullcontext
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from cities.models import SDG, Axis, City, Country, Document, Indicator, LearningPlace, Photo, PlaceKind, Region, Tag
from initiatives.models import Audience, Initiative, KeyFeature, Theme
from learningcities.care.models import Link
from learningcities.pages.models import MenuLink, Page, SiteText
from learningcities.people.models import User
from learningcities.publishing.models import Batch, Change, Comment, Preview
from learningcities.publishing.workflow.change import Step
from learningcities.reports.models import Report
from learningcities.search.models import Synonym
from tests import factories
from tests.addresses import ITEMS, walk
from tests.conftest import THOROUGH, make_person, thorough
from tests.forms import unwritten
from tests.tables import digest, undone, writes

pytestmark = pytest.mark.django_db
#: What is nobody's business until it is public.
SECRET = "Confidentiel"
#: Those who have nothing to do with the city.
STRANGERS = ["visitor", "other"]
REFUSALS = ["403", "404", "405", "login", "desk"]
PEOPLE = ["visitor", "other", "translator", "editor", "coordinator", "superuser"]
#: Models whose addresses have the same rows of the matrix.
KINDS = {
    "vocabulary": [Country, Region, SDG, PlaceKind, Indicator, Tag, Theme, KeyFeature, Audience],
    "network": [SiteText, MenuLink, Synonym],
}
#: What each person gets, GET/POST: a status, or where they are sent to (the login, the desk as if there was no such
#: row, 302 for elsewhere). One word stands for all of them.
MATRIX = """
                                          visitor     other       translator  editor      coordinator superuser
root                                      302/302
account_login                             200/200     desk/desk   desk/desk   desk/desk   desk/desk   desk/desk
account_logout                            405/200
mfa_index                                 login/login 200/405     200/405     200/405     200/405     200/405
mfa_authenticate                          login/login desk/desk   desk/desk   desk/desk   desk/desk   desk/desk
mfa_reauthenticate                        login/login 302/302     302/302     302/302     302/302     302/302
mfa_activate_totp                         login/login 302/302     302/302     302/302     302/302     302/302
mfa_deactivate_totp                       login/login 404/404     404/404     404/404     404/404     404/404
mfa_view_recovery_codes                   login/login 404/405     404/405     404/405     404/405     404/405
mfa_generate_recovery_codes               login/login 302/302     302/302     302/302     302/302     302/302
mfa_download_recovery_codes               login/login 404/404     404/404     404/404     404/404     404/404
mfa_list_webauthn                         login/login 200/405     200/405     200/405     200/405     200/405
mfa_add_webauthn                          login/login 302/302     302/302     302/302     302/302     302/302
mfa_reauthenticate_webauthn               login/login 302/302     302/302     302/302     302/302     302/302
mfa_remove_webauthn                       login/login 302/302     302/302     302/302     302/302     302/302
mfa_edit_webauthn                         login/login 302/302     302/302     302/302     302/302     302/302
mfa_login_webauthn                        login/login desk/desk   desk/desk   desk/desk   desk/desk   desk/desk
account_reauthenticate                    login/login 200/200     200/200     200/200     200/200     200/200
usersessions_list                         login/login 200/302     200/302     200/302     200/302     200/302
invitation                                410/410
admin_password_reset                      200/200
password_reset_done                       200/405
password_reset_confirm                    200/200
password_reset_complete                   200/405
admin:set_language                        302/302
admin:care                                login/login 200/405     200/405     200/405     200/405     200/405
admin:search                              login/login 200/405     200/405     200/405     200/405     200/405
admin:edit                                login/login 404/405     404/405     404/405     404/405     404/405
admin:kept                                login/login 200/405     200/405     200/405     200/405     200/405
admin:help                                login/login 200/405     200/405     200/405     200/405     200/405
admin:news                                login/login 200/desk     200/desk     200/desk     200/desk     200/desk
admin:hints                               login/login 405/404     405/404     405/404     405/404     405/404
admin:overview                       login/login 200/405     200/405     200/405     200/405     200/405
admin:pick_photo                          login/login 404/404     404/404     404/404     404/404     404/404
(no such address)                         login/login 404/404     404/404     404/404     404/404     404/404
admin:index                               login/login 200/200     200/200     200/200     200/200     200/200
admin:login                               200/200     desk/desk   desk/desk   desk/desk   desk/desk   desk/desk
admin:logout                              405/200
admin:password_change                     login/login 200/200     200/200     200/200     200/200     200/200
admin:password_change_done                login/login 200/405     200/405     200/405     200/405     200/405
admin:autocomplete                        login/login 403/405     403/405     403/405     403/405     403/405
admin:jsi18n                              login/login 200/405     200/405     200/405     200/405     200/405
admin:people_auditentry_changelist        login/login 403/403     403/403     403/403     403/403     200/200
admin:people_auditentry_export            login/login 403/403     403/403     403/403     403/403     200/200
admin:publishing_batch_export             login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_batch_changelist         login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_batch_add                login/login 403/403     403/403     403/403     403/403     403/403
admin:publishing_batch_history            login/login desk/desk   desk/desk   200/200     200/200     200/200
admin:publishing_batch_delete             login/login 403/403     403/403     403/403     403/403     403/403
admin:publishing_batch_change             login/login desk/desk   desk/desk   200/403     200/302     200/302
(short address of a row)                  login/login 302/302     302/302     302/302     302/302     302/302
admin:publishing_pagelock_changelist          login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_pagelock_export              login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_comment_changelist        login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_comment_export            login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_translations_export      login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_translations_changelist  login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_change_page              login/login 404/405     404/405     200/405     200/405     200/405
admin:publishing_change_export            login/login 200/200     200/200     200/200     200/200     200/200
admin:publishing_change_changelist        login/login 200/200     200/200     200/200     200/302     200/302
admin:publishing_change_add               login/login 403/403     403/403     403/403     403/403     403/403
admin:publishing_change_history           login/login desk/desk   desk/desk   200/200     200/200     200/200
admin:publishing_change_delete            login/login 403/403     403/403     403/403     403/403     403/403
admin:publishing_change_change            login/login desk/desk   desk/desk   200/403     200/302     200/302
admin:network_section                     login/login 403/403     403/403     403/403     200/200     200/200
admin:network_row                         login/login 403/403     403/403     403/403     404/404     404/404
admin:network_autosave                    login/login 403/403     403/403     403/403     405/200|404 405/200|404
admin:network_steps                       login/login 403/403     403/403     403/403     405/403     405/403
admin:network_happened                    login/login 403/403     403/403     403/403     200/403     200/403
admin:network_back                        login/login 403/403     403/403     403/403     403/403     403/403
admin:network_import                      login/login 403/403     403/403     403/403     200/200     200/200
admin:network_dryrun                      login/login 403/403     403/403     403/403     404/404     404/404
admin:network_export                      login/login 403/403     403/403     403/403     200/200     200/200
admin:network_changelist                  login/login 403/403     403/403     403/403     200/302     200/302
admin:network_add                         login/login 403/403     403/403     403/403     200/200     200/200
admin:network_history                     login/login 403/403     403/403     403/403     301/308     301/308
admin:network_delete                      login/login 403/403     403/403     403/403     200/302     200/302
admin:network_change                      login/login 403/403     403/403     403/403     200/200     200/200
admin:pages_page_section                  login/login desk/desk   desk/desk   desk/desk   200/200     200/200
admin:pages_page_row                      login/login desk/desk   desk/desk   desk/desk   404/404     404/404
admin:pages_page_section_autosave         login/login 404/404     404/404     404/404     405/200     405/200
admin:pages_page_row_autosave             login/login 404/404     404/404     404/404     405/404     405/404
admin:pages_page_steps                    login/login desk/desk   desk/desk   desk/desk   405/403     405/403
admin:pages_page_happened                 login/login 404/404     404/404     404/404     200/200     200/200
admin:pages_page_back                     login/login 404/404     404/404     404/404     403/403     403/403
admin:pages_page_send                     login/login desk/desk   desk/desk   desk/desk   200/200     200/200
admin:pages_page_preview                  login/login 404/404     404/404     404/404     200/404     200/404
admin:pages_page_page                     login/login 404/405     404/405     404/405     200/405     200/405
admin:pages_page_duplicate                login/login 404/404     404/404     404/404     403/302     403/302
admin:pages_page_import                   login/login 403/403     403/403     403/403     200/200     200/200
admin:pages_page_dryrun                   login/login 403/403     403/403     403/403     404/404     404/404
admin:pages_page_export                   login/login 403/403     403/403     403/403     200/200     200/200
admin:pages_page_changelist               login/login 403/403     403/403     403/403     200/302     200/302
admin:pages_page_add                      login/login 403/403     403/403     403/403     200/302     200/302
admin:pages_page_history                  login/login 404/404     404/404     404/404     301/308     301/308
admin:pages_page_delete                   login/login 403/403     403/403     403/403     200/302     200/302
admin:pages_page_change                   login/login desk/desk   desk/desk   desk/desk   200/302     200/302
admin:reports_report_export               login/login 200/200     200/200     200/200     200/200     200/200
admin:reports_report_changelist           login/login 200/302     200/302     200/302     200/302     200/302
admin:reports_report_add                  login/login 403/403     403/403     403/403     403/403     403/403
admin:reports_report_history              login/login desk/desk   200/200     200/200     200/200     200/200
admin:reports_report_delete               login/login 403/403     403/403     403/403     403/403     403/403
admin:reports_report_change               login/login desk/desk   200/302     200/302     200/302     200/302
admin:care_link_check                     login/login 403/404     403/302     403/302     403/302     403/302
admin:care_link_export                    login/login 200/200     200/200     200/200     200/200     200/200
admin:care_link_changelist                login/login 200/200     200/200     200/200     200/200     200/200
admin:care_link_add                       login/login 403/403     403/403     403/403     403/403     403/403
admin:care_link_history                   login/login desk/desk   200/200     200/200     200/200     200/200
admin:care_link_delete                    login/login 403/403     403/403     403/403     403/403     403/403
admin:care_link_change                    login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_city_section                 login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_city_row                     login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_city_section_autosave        login/login 404/404     405/200     405/200     405/200     405/200
admin:cities_city_row_autosave            login/login 404/404     405/200     405/200     405/200     405/200
admin:cities_city_steps                   login/login desk/desk   405/403     405/403     405/403     405/403
admin:cities_city_happened                login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_city_back                    login/login 404/404     200/403     200/403     200/403     200/403
admin:cities_city_send                    login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_city_beside                  login/login 403/403     403/403     403/403     200/302     200/302
admin:cities_city_preview                 login/login 404/404     200/404     200/302     200/302     200/302
admin:cities_city_page                    login/login 404/405     200/405     200/405     200/405     200/405
admin:cities_city_duplicate               login/login 404/404     403/403     403/403     403/302     403/302
admin:cities_city_import                  login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_city_dryrun                  login/login 404/404     404/404     302/302     404/404     404/404
admin:cities_city_export                  login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_city_changelist              login/login 200/200     200/200     200/200     200/302     200/302
admin:cities_city_add                     login/login 403/403     403/403     403/403     200/200     200/200
admin:cities_city_history                 login/login 404/404     301/308     301/308     301/308     301/308
admin:cities_city_delete                  login/login 403/403     403/403     403/403     200/302     200/302
admin:cities_city_change                  login/login desk/desk   200/302     200/302     200/302     200/302
admin:cities_learningplace_section        login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_learningplace_row            login/login desk/desk   404/404     404/404     404/404     404/404
admin:cities_learningplace_section_autosave login/login 404/404     405/200     405/200     405/200     405/200
admin:cities_learningplace_row_autosave   login/login 404/404     405/404     405/404     405/404     405/404
admin:cities_learningplace_steps          login/login desk/desk   405/403     405/403     405/403     405/403
admin:cities_learningplace_happened       login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_learningplace_back           login/login 404/404     403/403     403/403     403/403     403/403
admin:cities_learningplace_send           login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_learningplace_duplicate      login/login 404/404     403/403     403/302     403/302     403/302
admin:cities_learningplace_import         login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_learningplace_dryrun         login/login 404/404     404/404     404/404     404/404     404/404
admin:cities_learningplace_export         login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_learningplace_changelist     login/login 200/302     200/200     200/302     200/302     200/302
admin:cities_learningplace_add            login/login 200/200     403/403     200/200     200/200     200/200
admin:cities_learningplace_history        login/login 404/404     301/308     301/308     301/308     301/308
admin:cities_learningplace_delete         login/login desk/desk   403/403     403/403     200/302     200/302
admin:cities_learningplace_change         login/login desk/desk   200/302     200/302     200/302     200/302
admin:cities_photo_section                login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_photo_row                    login/login desk/desk   404/404     404/404     404/404     404/404
admin:cities_photo_section_autosave       login/login 404/404     405/200     405/200     405/200     405/200
admin:cities_photo_row_autosave           login/login 404/404     405/404     405/404     405/404     405/404
admin:cities_photo_steps                  login/login desk/desk   405/403     405/403     405/403     405/403
admin:cities_photo_happened               login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_photo_back                   login/login 404/404     403/403     403/403     403/403     403/403
admin:cities_photo_send                   login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_photo_file                   login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_photo_describe               login/login 302/302     302/302     302/302     302/302     302/302
admin:cities_photo_import                 login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_photo_dryrun                 login/login 404/404     404/404     404/404     404/404     404/404
admin:cities_photo_export                 login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_photo_changelist             login/login 200/302     200/200     200/302     200/302     200/302
admin:cities_photo_add                    login/login 200/200     403/403     200/200     200/200     200/200
admin:cities_photo_history                login/login 404/404     301/308     301/308     301/308     301/308
admin:cities_photo_delete                 login/login desk/desk   403/403     403/403     200/302     200/302
admin:cities_photo_change                 login/login desk/desk   200/302     200/302     200/302     200/302
admin:cities_document_section             login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_document_row                 login/login desk/desk   404/404     404/404     404/404     404/404
admin:cities_document_section_autosave    login/login 404/404     405/200     405/200     405/200     405/200
admin:cities_document_row_autosave        login/login 404/404     405/404     405/404     405/404     405/404
admin:cities_document_steps               login/login desk/desk   405/403     405/403     405/403     405/403
admin:cities_document_happened            login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_document_back                login/login 404/404     403/403     403/403     403/403     403/403
admin:cities_document_send                login/login desk/desk   200/200     200/200     200/200     200/200
admin:cities_document_file                login/login 404/404     200/200     200/200     200/200     200/200
admin:cities_document_import              login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_document_dryrun              login/login 404/404     404/404     404/404     404/404     404/404
admin:cities_document_export              login/login 200/200     200/200     200/200     200/200     200/200
admin:cities_document_changelist          login/login 200/302     200/200     200/302     200/302     200/302
admin:cities_document_add                 login/login 200/200     403/403     200/200     200/200     200/200
admin:cities_document_history             login/login 404/404     301/308     301/308     301/308     301/308
admin:cities_document_delete              login/login desk/desk   403/403     403/403     200/302     200/302
admin:cities_document_change              login/login desk/desk   200/302     200/302     200/302     200/302
admin:vocabulary_section                  login/login 200/403     200/403     200/403     200/200     200/200
admin:vocabulary_row                      login/login 404/403     404/403     404/403     404/404     404/404
admin:vocabulary_autosave                 login/login 405/403     405/403     405/403     405/200|404 405/200|404
admin:vocabulary_steps                    login/login 405/403     405/403     405/403     405/403     405/403
admin:vocabulary_happened                 login/login 200/403     200/403     200/403     200/403     200/403
admin:vocabulary_back login/login 403/403     403/403     403/403     403|404/403|404 403|404/403|404
admin:vocabulary_import                   login/login 403/403     403/403     403/403     200/200     200/200
admin:vocabulary_dryrun                   login/login 403/403     403/403     403/403     404/404     404/404
admin:vocabulary_export                   login/login 200/200     200/200     200/200     200/200     200/200
admin:vocabulary_changelist               login/login 200/200     200/200     200/200     200/302     200/302
admin:vocabulary_add                      login/login 403/403     403/403     403/403     200/200|302 200/200|302
admin:vocabulary_history                  login/login 301/308     301/308     301/308     301/308     301/308
admin:vocabulary_delete                   login/login 403/403     403/403     403/403     200/200|302 200/200|302
admin:vocabulary_change                   login/login 200/403     200/403     200/403     200/200     200/200
admin:people_user_hand_over               login/login 403/403     403/403     403/403     200/200     200/200
admin:people_user_export                  login/login 403/403     403/403     403/403     200/200     200/200
admin:auth_user_password_change           login/login 403/403     403/403     403/403     302/302     302/302
admin:people_user_changelist              login/login 403/403     403/403     403/403     200/302     200/302
admin:people_user_add                     login/login 403/403     403/403     403/403     200/302     200/302
admin:people_user_history                 login/login 403/403     403/403     403/403     200/200     200/200
admin:people_user_delete                  login/login 403/403     403/403     403/403     403/403     200/302
admin:people_user_change                  login/login 403/403     403/403     403/403     200/302     200/302
admin:initiatives_initiative_section      login/login desk/desk   200/200     200/200     200/200     200/200
admin:initiatives_initiative_row          login/login desk/desk   200/200     200/200     200/200     200/200
admin:initiatives_initiative_section_autosave login/login 404/404     405/200     405/200     405/200     405/200
admin:initiatives_initiative_row_autosave login/login 404/404     405/200     405/200     405/200     405/200
admin:initiatives_initiative_steps        login/login desk/desk   405/403     405/403     405/403     405/403
admin:initiatives_initiative_happened     login/login 404/404     200/200     200/200     200/200     200/200
admin:initiatives_initiative_back         login/login 404/404     403/403     403/403     403/403     403/403
admin:initiatives_initiative_send         login/login desk/desk   200/200     200/200     200/200     200/200
admin:initiatives_initiative_preview      login/login 404/404     200/404     200/404     200/404     200/404
admin:initiatives_initiative_page         login/login 404/405     200/405     200/405     200/405     200/405
admin:initiatives_initiative_checked      login/login 404/404     403/403     403/302     403/302     403/302
admin:initiatives_initiative_duplicate    login/login 404/404     403/403     403/302     403/302     403/302
admin:initiatives_initiative_import       login/login 200/200     200/200     200/200     200/200     200/200
admin:initiatives_initiative_dryrun       login/login 404/404     404/404     404/404     404/404     404/404
admin:initiatives_initiative_export       login/login 200/200     200/200     200/200     200/200     200/200
admin:initiatives_initiative_changelist   login/login 200/302     200/200     200/302     200/302     200/302
admin:initiatives_initiative_add          login/login 200/200     403/403     200/302     200/302     200/302
admin:initiatives_initiative_history      login/login 404/404     301/308     301/308     301/308     301/308
admin:initiatives_initiative_delete       login/login desk/desk   403/403     403/403     200/302     200/302
admin:initiatives_initiative_change       login/login desk/desk   200/302     200/302     200/302     200/302
admin:app_list                            login/login 200/200     200/200     200/200     200/200     200/200
sitemap                                   200/200
addresses                                 200/200
worker                                    200/200
icon                                      200/200
robots                                    200/200
security_txt                              200/405
api                                       302/302
api:openapi                               200/405
api: a list                               200/405
api: a row                                200/405
preview                                   200/405
media                                     200/200
home                                      200/200
cities:list                               200/405
cities:detail                             200/405
initiatives:list                          200/405
initiatives:detail                        200/405
search                                    200/200
proposals                                 200/200
reports:report                            200/200
reports:thanks                            200/405
manifest                                  200/200
offline                                   200/200
dataset                                   200/200
share                                     200/200
api-docs                                  200/200
design                                    200/200
page                                      200/405
"""


class World:
    """The rows of a city, public and not yet, with an editor of it, a translator of it, and an editor of another."""

    def __init__(self):
        city = factories.make_city(slug="benguerir", name_fr="Ville à soi")
        other = factories.make_city(slug="elsewhere", name_fr="Autre ville")
        self.people = {
            "visitor": None,
            "other": make_person("other"),
            "translator": make_person("translator", languages=["ar"]),
            "editor": make_person("editor"),
            "coordinator": make_person("coordinator", User.Role.COORDINATOR),
            "superuser": make_person("superuser", User.Role.COORDINATOR, is_superuser=True),
        }
        other.editors.add(self.people["other"])
        city.editors.add(self.people["editor"], self.people["translator"])
        page = factories.make_page(slug="about", title_fr="À propos")
        self.rows = {
            City: city,
            Axis: Axis.objects.create(city=city, title_fr="Axe"),
            Page: page,
            SiteText: SiteText.objects.create(key="site_name", value_fr="Nom"),
            MenuLink: MenuLink.objects.create(place="header", label_fr="Page", page=page),
            Synonym: Synonym.objects.create(words="bibliothèque, مكتبة"),
            User: self.people["editor"],
            Change: Change.propose(city, self.people["editor"], {"summary_fr": [city.summary_fr, SECRET]}),
            Tag: Tag.objects.create(name_fr="Écoles", slug="schools"),
            **self.items(city, "n-01", public=True),
        }
        of_city = ContentType.objects.get_for_model(City)
        self.rows[Comment] = Comment.write(city, self.people["editor"], SECRET)
        batch = Batch.objects.create(author=self.people["editor"], name="a.csv", content_type=of_city)
        Change.objects.update(batch=batch)
        self.rows[Batch] = batch
        self.rows[Report] = factories.make_report(self.rows[Initiative])
        # It was tried just now, so that nobody's test asks another site.
        Link.objects.update(checked_at=timezone.now())
        self.rows[Link] = Link.objects.get()
        self.drafts = self.items(city, "draft", public=False)
        self.drafts[Report] = factories.make_report(self.drafts[Initiative])
        theirs = [City, Report, Change, Initiative, LearningPlace, Photo, Document]
        rows = [rows[model] for rows in (self.rows, self.drafts) for model in theirs if model in rows]
        #: What a stranger's page never says: the words of drafts, the forms of the city's rows.
        self.hidden = [SECRET, *map(admin.site.form_address, rows)]
        self.preview = Preview.objects.create(item=city, author=self.people["editor"], pages={"fr": "<h1>Aperçu</h1>"})

    @staticmethod
    def items(city, slug, public):
        name = "Publique" if public else SECRET
        return {
            Initiative: factories.make_initiative(
                city, slug=slug, title_fr=name, public=public, website="https://example.org/"
            ),
            LearningPlace: factories.make_place(city, slug=f"{slug}-place", name_fr=name, public=public),
            Photo: factories.make_photo(city, alternative_fr=name, public=public),
            Document: factories.make_document(city, title_fr=name, public=public),
        }

    def row(self, model, rows):
        if model._meta.model_name in ("translations", "pagelock"):
            return self.rows[Change]
        row = rows.get(model) or self.rows.get(model._meta.concrete_model) or model.objects.first()
        assert row, f"{model._meta.label} has addresses: make a row of it here"
        return row


@pytest.fixture(autouse=True)
def _no_log():
    """Thousands of refusals are as many lines, each with a traceback."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world(module_db, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield World()


def model_of(name):
    """The model that an address of the admin is about."""
    words = name.removeprefix("admin:").replace("auth_user", "people_user").split("_")
    return apps.all_models.get(words[0], {}).get(words[1]) if name.startswith("admin:") and len(words) > 2 else None


def label(name, route):
    """The row of the matrix that an address stands in."""
    if not name:
        return "(short address of a row)" if route.endswith("<path:object_id>/") else "(no such address)"
    if name.startswith("api:") and name != "api:openapi":
        return "api: a list" if name.endswith("-list") else "api: a row"
    model = model_of(name)
    kind = next((kind for kind, models in KINDS.items() if model in models), None)
    return f"admin:{kind}_{name.rpartition('_')[2]}" if kind else name


def section_of(model, name):
    """A section of the pages of a model, of rows where the address is of one; else one of the sitemap."""
    sections = getattr(admin.site._registry.get(model), "sections", ())
    fitting = [section.name for section in sections if bool(section.part) == ("_row" in name)]
    return next(iter(fitting), "cities")


def path_of(world, name, route, wanted, rows):
    if not name:
        return "/" + route.replace("<path:object_id>", "1").replace("(?P<url>.*)$", "nowhere")
    arguments = ITEMS.get(name, [{}])[0] | ({"slug": "n-01-place"} if name == "api:places-detail" else {})
    photo, preview = world.row(Photo, rows), world.preview
    arguments = {
        key: value.format(photo=photo.file.name, preview=preview.link_token) for key, value in arguments.items()
    }
    model = model_of(name)
    given = {
        "app_label": "cities",
        "pk": 1,
        "token": preview.link_token,
        "uidb64": "MQ",
        "kind": "csv",
        "section": section_of(model, name),
        "row": "00000000-0000-4000-8000-000000000000",
        "side": "after",
        "language": "fr",
        "batch_id": world.rows[Batch].pk,
        "name": model and getattr(getattr(world.row(model, rows), "file", None), "name", None),
        **({key: world.row(model, rows).pk for key in ("object_id", "person_id", "id")} if model else {}),
        "change_id": model and getattr(Change.objects.of(world.row(model, rows)).happened().first(), "pk", 0),
    }
    return reverse(name, kwargs={key: arguments.get(key, given.get(key)) for key in wanted})


def addresses(world, rows):
    """(row of the matrix, path, model) of every address that is about these rows; of each kind in turn."""
    left_out = [] if THOROUGH else [model for models in KINDS.values() for model in models[1:]]
    for name, route, wanted in walk(get_resolver()):
        model = name and model_of(name)
        if (rows is world.rows and model not in left_out) or model in rows:
            yield label(name, route), path_of(world, name, route, wanted, rows), model


def code(response):
    if response.status_code != 302:
        return str(response.status_code)
    where = response["Location"]
    return "login" if where.startswith("/admin/login/") else "desk" if where == "/admin/" else "302"


def forged(world, rows, model):
    """What a form could say to get at a city's rows."""
    pk = world.row(model, rows).pk if model else ""
    return {
        "post": "yes",
        "step": "apply",
        "change": world.rows[Change].pk,
        "revoke": world.preview.pk,
        "action": "bin_selected",
        "_selected_action": [pk],
        "city": world.rows[City].pk,
        "title_fr": "Volé",
        "name_fr": "Volé",
        "slug": "vole",
    }


def asked(world, person, rows):
    """{row of the matrix: what GET and POST are answered with}."""
    client = Client()
    if world.people[person]:
        client.force_login(world.people[person])
    cookies, before = {name: morsel.value for name, morsel in client.cookies.items()}, digest()
    found = defaultdict(lambda: (set(), set()))
    for place, path, model in addresses(world, rows):
        for number, (method, data) in enumerate((("get", {}), ("post", forged(world, rows, model)))):
            client.cookies = SimpleCookie(cookies)  # some addresses log out
            with undone(), writes() as written:
                response = getattr(client, method)(path, data)
                said, page = code(response), response.getvalue().decode(errors="replace")
                if person in STRANGERS:
                    assert not [words for words in world.hidden if words in page.replace(path, "")], (
                        f"{person} sees it at {path}"
                    )
                if written and (person in STRANGERS or said in REFUSALS):
                    assert digest() == before, f"{person} changes rows by {method} {path}"
            found[place][number].add(said)
    return {place: "/".join("|".join(sorted(codes)) for codes in both) for place, both in found.items()}


def expected():
    """{row of the matrix: what each of PEOPLE gets}."""
    _heading, *lines = MATRIX.strip("\n").splitlines()
    rows = (line.rsplit(None, len(PEOPLE) if len(re.findall(r"[\w|]/\w", line)) > 1 else 1) for line in lines)
    return {place: cells * (len(PEOPLE) // len(cells)) for place, *cells in rows}


#: Whoever is kept out of most is looked at always.
OTHERS = [pytest.param(person, marks=thorough) for person in ("translator", "coordinator", "superuser")]


@pytest.mark.parametrize("person", ["visitor", "other", "editor", *OTHERS])
def test_every_address_gives_each_person_what_the_matrix_says(world, person):
    with nullcontext() if person in STRANGERS else unwritten():
        found = asked(world, person, world.rows)
    known = {place: cells[PEOPLE.index(person)] for place, cells in expected().items()}
    wrong = [f"{place} {codes}" for place, codes in found.items() if known.get(place) != codes]
    assert not wrong, "\n".join([f"The matrix has no such row, or another word for the {person}:", *wrong])
    assert set(found) == set(known)


@pytest.mark.parametrize("person", STRANGERS)
def test_what_is_not_public_yet_is_as_closed_to_strangers_as_what_is(world, person):
    known = expected()
    found = asked(world, person, world.drafts)
    assert found == {place: known[place][PEOPLE.index(person)] for place in found}
    assert len(found) > 25


@unwritten()
def test_no_action_of_a_list_reaches_rows_of_another_city_nor_lets_an_editor_publish(world):
    for person in ("other", "translator", "editor"):
        client = Client()
        client.force_login(world.people[person])
        before = digest()
        for model, source in admin.site._registry.items():
            rows = [rows[model].pk for rows in (world.rows, world.drafts) if model in rows]
            for action in source.actions or []:
                # An editor may bin what was never public, and deals with reports.
                if person != "other" and (action in ("bin_selected", "close_selected")):
                    continue
                where = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                client.post(where, {"action": action, "_selected_action": rows, "post": "yes"})
                assert digest() == before, f"{action} of {model.__name__} by {person}"


@unwritten()
def test_nobody_edits_the_record(world):
    """Not its rows, not its steps: neither a form nor an action, an address or a permission is there for it."""
    source = admin.site._registry[Change]
    assert source.actions == ["publish_together"], "it gathers changes, and edits none"
    assert not any(Step is inline.model for inlines in admin.site._registry.values() for inline in inlines.inlines)
    assert Step not in admin.site._registry
    change, client = world.rows[Change], Client()
    client.force_login(world.people["superuser"])
    kept = list(Change.objects.filter(pk=change.pk).values_list()), list(change.trail.values_list())
    where = reverse("admin:publishing_change_change", args=[change.pk])
    for step in ("", "save", "delete", "edit"):
        client.post(where, {"step": step, "title": "Faux", "patch": "{}", "state": "applied", "_save": "1"})
    assert (list(Change.objects.filter(pk=change.pk).values_list()), list(change.trail.values_list())) == kept
