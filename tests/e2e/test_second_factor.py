"""The second factor in a real browser: enrolment by code and passkey, step-up in a dialog, strict scripts."""

import json
import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from apps.identity.models import User
from sandbox.authenticator import STEP, code_of
from tests.e2e import steps

SERIOUS = {"serious", "critical"}


def add_virtual_authenticator(page: Page) -> None:
    """A passkey of the platform whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def barriers(page: Page) -> list[str]:
    """What keeps people with assistive technology out, by axe."""
    found = Axe().run(page).response["violations"]
    return [each["id"] for each in found if each["impact"] in SERIOUS]


def give_password(page: Page, person: dict[str, str], password: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=username]", person["email"])
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/**")


@pytest.mark.parametrize("width", [1280, 390])
def test_somebody_new_enrols_an_app_and_keeps_the_codes(open_page, demo, width):
    password = "a long enough password"
    User.objects.create_user("new@example.org", password, role="editor", display_name="Ольга")
    page = open_page("/admin/", width=width)
    give_password(page, {"email": "new@example.org"}, password)
    assert "/enrol/" in page.url
    assert barriers(page) == []
    secret = page.inner_text(".ws-secret code").replace(" ", "")
    page.fill("input[name=code]", code_of(secret, int(time.time()) // STEP))
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/codes/**")
    assert len(re.findall(r"\d{5} \d{5}", page.inner_text(".ws-codes"))) == 10
    assert barriers(page) == []
    page.click("text=Коды сохранены")
    page.wait_for_url("**/admin/")


def test_a_passkey_is_added_and_opens_the_workspace(sign_in, demo):
    page = sign_in("owner")
    add_virtual_authenticator(page)
    page.goto("/admin/second-factor/enrol/?next=/admin/security/")
    page.fill("input[name=name]", "Ноутбук")
    page.click("[data-passkey=create]")
    page.wait_for_url("**/admin/security/")
    assert "Ноутбук" in page.inner_text("#content")
    assert barriers(page) == []
    page.context.clear_cookies()
    give_password(page, demo["staff"][0], demo["password"])
    assert barriers(page) == []
    page.click("[data-passkey=get]")
    page.wait_for_url("**/admin/")


def test_a_dialog_steps_up_in_place(sign_in, demo, settings):
    page = sign_in("owner")
    settings.STEP_UP_MINUTES = 0
    page.goto("/admin/identity/user/")
    steps.run_command(page, "invite")
    page.fill("#dialog input[name=display_name]", "Ольга Новая")
    page.fill("#dialog input[name=email]", "olga@example.org")
    page.fill("#dialog input[name=second_factor]", "000000")
    page.click("#dialog button[type=submit]")
    page.wait_for_selector("#dialog .errors")
    assert page.input_value("#dialog input[name=email]") == "olga@example.org"
    page.fill("#dialog input[name=second_factor]", steps.fresh_code(demo["staff"][0]["totp_secret"]))
    steps.send(page)
    page.wait_for_selector("text=olga@example.org")


def test_the_pages_run_no_script_of_their_own(open_page, demo):
    page = open_page("/admin/")
    give_password(page, demo["staff"][0], demo["password"])
    inline = page.eval_on_selector_all(
        "script:not([src]):not([type='application/json'])", "all => all.map(each => each.nonce !== '')"
    )
    assert json.dumps(inline).find("false") == -1
