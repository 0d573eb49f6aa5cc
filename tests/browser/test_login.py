"""A coordinator adds a passkey and logs in with it alone, under the strict Content-Security-Policy."""

from learningcities.people.models import User
from tests.conftest import make_person, thorough


@thorough
def test_a_passkey_is_added_and_is_enough_to_log_in(site, chromium):
    make_person("coordinator", User.Role.COORDINATOR)
    # A key belongs to a host's name, and an address of numbers has none.
    site = site.replace("127.0.0.1", "localhost")
    page = chromium.new_context(locale="fr").new_page()
    errors = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{site}/admin/login/?next=/admin/account/webauthn/add/")
    page.fill("[name=username]", "coordinator")
    page.fill("[name=password]", "secret")
    page.click("form .default")
    page.fill("[name=password]", "secret")
    page.click("#content form button")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(f"{site}/admin/account/recovery-codes/")
    page.goto(f"{site}/admin/account/webauthn/")
    page.context.clear_cookies()
    page.goto(f"{site}/admin/login/?next=/admin/account/sessions/")
    page.click("#passkey_login")
    page.wait_for_url(f"{site}/admin/account/sessions/")
    assert errors == []
