"""A fresh proof of who is at the keyboard: a password or a factor, once more, if it was some time ago (allauth)."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import serialize_request
from django.shortcuts import redirect

is_proven = reauthentication.did_recently_reauthenticate


def ask_for_proof(request):
    if not is_proven(request):
        raise ReauthenticationRequired


def way_to_proof(request):
    """What was posted is done after it; allauth would forget it where the address has a query."""
    if request.method == "POST":
        request.session[reauthentication.STATE_SESSION_KEY] = {"request": serialize_request(request)}
    method = get_adapter().get_reauthentication_methods(request.user)[0]
    return redirect(f"{method['url']}?{urlencode({'next': request.path})}")
