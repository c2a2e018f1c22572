"""The phone of the demo accounts shows what an authenticator app would."""

import time

import pytest
import requests
from allauth.mfa.totp.internal import auth as reference

from sandbox.authenticator import Account, NoSecret, accounts_of, code_of

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of the examples of RFC 6238: the ASCII text 12345678901234567890."""


@pytest.mark.parametrize(
    ("at", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert code_of(SECRET, at // 30) == code


def test_they_are_the_ones_that_the_workspace_expects() -> None:
    counter = int(time.time()) // 30
    assert code_of(SECRET, counter) == reference.format_hotp_value(reference.hotp_value(SECRET, counter))


def test_an_account_shows_the_code_of_now_and_the_next_one() -> None:
    shown = Account(name="a@example.org", secret=SECRET).shown(59)
    assert (shown["code"], shown["next"], shown["seconds_left"]) == ("287082", code_of(SECRET, 2), 1)


def test_accounts_come_by_one_text() -> None:
    assert [account.name for account in accounts_of("a@x.ru=AAAA, b@x.ru=BBBB,")] == ["a@x.ru", "b@x.ru"]
    assert accounts_of("") == ()


def test_what_is_no_secret_is_refused() -> None:
    with pytest.raises(NoSecret):
        code_of("no secret 189", 0)


def test_scripts_read_the_codes_and_add_accounts(sandbox) -> None:
    address = f"{sandbox.base_url}/sandbox/control/authenticator"
    added = requests.post(address, json={"account": "new@example.org", "secret": SECRET}, timeout=10)
    assert added.status_code == 200
    shown = requests.get(f"{sandbox.base_url}/authenticator.json", timeout=10).json()["accounts"]
    (mine,) = [each for each in shown if each["account"] == "new@example.org"]
    assert {mine["code"], mine["next"]} & {code_of(SECRET, int(time.time()) // 30 + step) for step in (0, 1)}
    assert "new@example.org" in requests.get(sandbox.base_url, timeout=10).text
    for wrong in ({"account": "", "secret": SECRET}, {"account": "a", "secret": "1"}):
        assert requests.post(address, json=wrong, timeout=10).status_code == 400
