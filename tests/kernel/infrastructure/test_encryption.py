"""Encryption: nothing readable at rest, keys that can be changed, and no silent failure."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.infrastructure.encryption import FernetEncryptionService, encryption_service
from apps.kernel.infrastructure.fields import EncryptedJSONField, EncryptedTextField
from tests.counts import property_settings

OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))


@property_settings()
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives_and_is_unreadable_meanwhile(text: str) -> None:
    service = FernetEncryptionService([NEW])
    token = service.encrypt(text)
    assert service.decrypt(token) == text
    assert token.isascii()
    assert len(text) < 8 or text not in token


def test_the_same_text_never_looks_the_same() -> None:
    service = FernetEncryptionService([NEW])
    assert service.encrypt("тревога") != service.encrypt("тревога")


def test_after_a_change_of_keys_old_texts_still_open() -> None:
    token = FernetEncryptionService([OLD]).encrypt("тревога")
    assert FernetEncryptionService([NEW, OLD]).decrypt(token) == "тревога"


def test_the_first_key_encrypts() -> None:
    token = FernetEncryptionService([NEW, OLD]).encrypt("тревога")
    assert FernetEncryptionService([NEW]).decrypt(token) == "тревога"
    with pytest.raises(DecryptionFailed):
        FernetEncryptionService([OLD]).decrypt(token)


def test_a_rotated_text_needs_the_old_key_no_more() -> None:
    token = FernetEncryptionService([OLD]).encrypt("тревога")
    rotated = FernetEncryptionService([NEW, OLD]).rotate(token)
    assert FernetEncryptionService([NEW]).decrypt(rotated) == "тревога"


@pytest.mark.parametrize("token", ["", "нет", "gAAAA", "тревога", "gAAAAABnotatoken=="])
def test_what_is_no_token_raises(token: str) -> None:
    with pytest.raises(DecryptionFailed):
        FernetEncryptionService([NEW]).decrypt(token)


def test_a_foreign_or_damaged_token_raises_and_says_nothing_of_its_content() -> None:
    service = FernetEncryptionService([NEW])
    foreign = FernetEncryptionService([FOREIGN]).encrypt("тревога")
    whole = service.encrypt("тревога")
    damaged = whole[:-6] + ("A" if whole[-6] != "A" else "B") + whole[-5:]
    for token in (foreign, damaged):
        with pytest.raises(DecryptionFailed) as failure:
            service.decrypt(token)
        assert token not in str(failure.value)


def test_a_failed_rotation_raises() -> None:
    with pytest.raises(DecryptionFailed):
        FernetEncryptionService([NEW]).rotate(FernetEncryptionService([FOREIGN]).encrypt("x"))


@pytest.mark.parametrize("keys", [[], ["short"], ["not base64 !!"]], ids=str)
def test_it_does_not_start_without_a_good_key(keys: list[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the vendor's own text
        FernetEncryptionService(keys)


def test_fields_write_ciphertext_and_read_text() -> None:
    text, values = EncryptedTextField(), EncryptedJSONField()
    written = text.get_prep_value("тревога")
    assert encryption_service().decrypt(written) == "тревога"
    assert text.from_db_value(written, None, None) == "тревога"
    written = values.get_prep_value(["тревога", ""])
    assert "тревога" not in written
    assert values.from_db_value(written, None, None) == ["тревога", ""]


def test_fields_keep_nothing_as_nothing() -> None:
    text, values = EncryptedTextField(), EncryptedJSONField()
    assert text.get_prep_value("") == ""
    assert text.get_prep_value(None) is None
    assert text.from_db_value("", None, None) == ""
    assert values.get_prep_value(None) is None
    assert values.from_db_value(None, None, None) is None


def test_a_field_that_finds_plain_text_in_its_column_raises() -> None:
    with pytest.raises(DecryptionFailed):
        EncryptedTextField().from_db_value("plain", None, None)
