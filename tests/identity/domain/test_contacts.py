"""However a contact is typed, the person is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.identity.domain.contacts import (
    ContactKind,
    InvalidEmail,
    InvalidPhone,
    normalise_contact,
    normalise_email,
    normalise_phone,
)
from tests.counts import property_settings

_LOCAL = st.from_regex(r"[a-z0-9]{1,10}([.+_-][a-z0-9]{1,10})?", fullmatch=True)
_DOMAIN = st.from_regex(r"[a-z0-9]{1,10}(\.[a-z0-9]{1,8})?\.(ru|com|рф)", fullmatch=True)
_DECORATION = st.sampled_from(["", " ", "-", "(", ")", ".", "\u00a0", "‑"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("anna@example.ru", "anna@example.ru"),
        ("  Anna.K+x@Example.RU ", "anna.k+x@example.ru"),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_addresses_have_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "@example.ru",
        "anna@",
        "anna@localhost",
        "an na@example.ru",
        "анна@example.ru",
        "anna@exa mple.ru",
        "anna@@example.ru",
        ".anna@example.ru",
        "anna@-example.ru",
        "anna@example..ru",
        "anna\0@example.ru",
        "anna\n@example.ru",
        "a" * 65 + "@example.ru",
        "a@" + "b" * 64 + ".ru",
        "a@" + ".".join(["b" * 60] * 5) + ".ru",
    ],
)
def test_other_texts_are_no_addresses(typed: str) -> None:
    with pytest.raises(InvalidEmail):
        normalise_email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+7 912 345-67-89", "+79123456789"),
        ("8 (912) 345-67-89", "+79123456789"),
        ("79123456789", "+79123456789"),
        ("912 345 67 89", "+79123456789"),
        ("+7 912 345‑67‑89", "+79123456789"),
        ("+375 29 123-45-67", "+375291234567"),
        ("0049 30 1234567", "+49301234567"),
    ],
)
def test_numbers_have_one_form(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "123", "+", "phone", "+7 912 345-67-8x", "+0123456789", "+1234567890123456", "٩١٢٣٤٥٦٧٨٩"]
)
def test_other_texts_are_no_numbers(typed: str) -> None:
    with pytest.raises(InvalidPhone):
        normalise_phone(typed)


@given(st.text(max_size=80))
def test_any_text_is_either_normal_at_once_or_refused(typed: str) -> None:
    for normalise, refusal in ((normalise_email, InvalidEmail), (normalise_phone, InvalidPhone)):
        try:
            kept = normalise(typed)
        except refusal:
            continue
        assert normalise(kept) == kept
        assert kept.isascii()


@property_settings(100, 2_000)
@given(st.builds("{}@{}".format, _LOCAL, _DOMAIN), st.data())
def test_an_address_is_the_same_in_any_case_and_between_spaces(email: str, data: st.DataObject) -> None:
    loud = "".join(data.draw(st.sampled_from([each, each.upper()])) for each in email)
    assert normalise_email(f" {loud}\t") == normalise_email(email)


@property_settings(100, 2_000)
@given(st.from_regex(r"[1-9][0-9]{7,14}", fullmatch=True), st.data())
def test_a_number_is_the_same_however_it_is_decorated(digits: str, data: st.DataObject) -> None:
    typed = "+" + "".join(data.draw(_DECORATION) + each for each in digits)
    assert normalise_phone(typed) == f"+{digits}"


def test_of_a_contact_of_either_kind_its_value_is_to_blame() -> None:
    assert normalise_contact(ContactKind.EMAIL, " Anna@Example.ru") == "anna@example.ru"
    assert normalise_contact(ContactKind.PHONE, "8 912 345-67-89") == "+79123456789"
    for kind, refusal in ((ContactKind.EMAIL, InvalidEmail), (ContactKind.PHONE, InvalidPhone)):
        with pytest.raises(refusal) as refused:
            normalise_contact(kind, "?")
        assert refused.value.field == "value"
