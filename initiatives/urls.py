from django.urls import path

from .views import InitiativeDetail, InitiativeList

app_name = "initiatives"
urlpatterns = [
    path("", InitiativeList.as_view(), name="list"),
    path("<slug:slug>/", InitiativeDetail.as_view(), name="detail"),
]
