"""Blind indexes: equal values are found, nothing is learnt without the key, private texts have none."""

import pytest
from django.apps import apps

from apps.kernel.infrastructure.blind_index import INDEX_LENGTH, blind_index
from apps.kernel.infrastructure.fields import encrypted_fields

PRIVATE = {"answers", "notes", "content", "body", "text"}


def test_equal_values_of_one_field_are_equal_and_nothing_else_is() -> None:
    index = blind_index("identity.user.email", "anna@example.org")
    assert index == blind_index("identity.user.email", "anna@example.org")
    assert len({index, blind_index("identity.user.phone", "anna@example.org")}) == 2
    assert blind_index("identity.user.email", "anna@example.com") != index
    assert len(index) == INDEX_LENGTH
    assert "anna" not in index


def test_another_key_finds_nobody(settings) -> None:
    index = blind_index("identity.user.email", "anna@example.org")
    settings.BLIND_INDEX_KEY = "A" * 43 + "="
    assert blind_index("identity.user.email", "anna@example.org") != index


def test_it_is_hmac_under_a_key_that_hkdf_derives_for_the_field(settings) -> None:
    """RFC 5869 and RFC 2104, computed by hand."""
    from base64 import b64decode
    from hmac import digest

    secret = digest(bytes(32), b64decode(settings.BLIND_INDEX_KEY), "sha256")
    key = digest(secret, b"blind index 1 identity.user.email\x01", "sha256")
    expected = digest(key, b"anna@example.org", "sha256").hex()
    assert blind_index("identity.user.email", "anna@example.org") == expected


def test_a_bad_key_is_refused(settings) -> None:
    settings.BLIND_INDEX_KEY = "short"
    with pytest.raises(ValueError, match="32 bytes"):
        blind_index("identity.user.email", "anna@example.org")


def test_no_private_text_has_an_index() -> None:
    """An index column is ``<field>_index`` beside the encrypted field; only contacts have one."""
    indexed = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in encrypted_fields(model)
        if f"{field.name}_index" in {each.name for each in model._meta.concrete_fields}
    }
    assert {label.split(".")[-1] for label in indexed} <= {"email", "phone", "telegram_id", "contact"}
    assert not PRIVATE & {label.split(".")[-1] for label in indexed}
