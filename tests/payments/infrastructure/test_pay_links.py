"""Signed links to pay: made for one appointment, and worthless once a character is changed."""

from uuid import UUID, uuid4

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from apps.payments.infrastructure.pay_links import SALT, appointment_of, pay_link, pay_token
from tests.counts import property_settings


@given(id_=st.uuids())
@property_settings()
def test_a_token_leads_back_to_its_appointment(id_) -> None:
    assert appointment_of(pay_token(id_)) == id_


@given(place=st.integers(0, 200), other=st.characters(codec="ascii"))
@property_settings()
def test_a_changed_character_makes_it_worthless(place: int, other: str) -> None:
    id_ = uuid4()
    token = pay_token(id_)
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]
    # The last character of base64 carries two bits that nobody reads.
    assert appointment_of(changed) in ({id_, None} if place == len(token) - 1 or changed == token else {None})


@pytest.mark.parametrize("cut", [0, 1, 5, 32, 33])
def test_a_damaged_one_is_worthless(cut: int) -> None:
    assert appointment_of(pay_token(uuid4())[:cut]) is None
    assert appointment_of(pay_token(uuid4())[:-1]) is None


SOME_ID = UUID("00000000-0000-4000-8000-00000000000f").hex
FORGED = {
    "nothing": "",
    "a colon": ":",
    "unsigned": SOME_ID,
    "an empty signature": f"{SOME_ID}:",
    "a made-up signature": f"{SOME_ID}:signature",
    "words": "привет:мир",
    "zero bytes": "\0:\0",
    "very long": "x" * 100_000,
    "signed for something else": signing.Signer(salt="another").sign(SOME_ID),
    "signed with another key": signing.Signer(salt=SALT, key="another key").sign(SOME_ID),
    "no id": signing.Signer(salt=SALT).sign("no appointment"),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_one_is_worthless(token: str) -> None:
    assert appointment_of(token) is None


def test_the_link_is_absolute_and_tells_nothing_but_the_token(settings) -> None:
    settings.PUBLIC_URL = "https://practice.example"
    id_ = uuid4()
    assert pay_link(id_) == f"https://practice.example/pay/{pay_token(id_)}/"
