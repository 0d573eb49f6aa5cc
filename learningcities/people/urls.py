"""The way into the admin and one's own account; all below the admin's path, where its cookies go."""

from allauth.account import views as account
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from . import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", admin.site.logout, name="account_logout"),
    path("account/", include("allauth.mfa.urls")),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/sessions/", views.sessions, name="usersessions_list"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("password/", views.ResetView.as_view(), name="admin_password_reset"),
    path("password/sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("password/<uidb64>/<token>/", views.ResetConfirmView.as_view(), name="password_reset_confirm"),
    path("password/chosen/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
