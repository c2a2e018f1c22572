"""What was sealed in earlier ways still opens while its keys are at hand; settings choose what seals."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.infrastructure.encryption import Encryption, encryption_service, scheme_of
from apps.kernel.infrastructure.encryption.fernet import FernetEncryptionService
from apps.kernel.infrastructure.encryption.key_ring import KeyRing
from tests.kernel.infrastructure.encryption.rings import (
    FERNET_NEW,
    FERNET_OLD,
    NEW,
    OLD,
    envelope,
    fernet,
    somewhere,
)

pytestmark = pytest.mark.django_db


def test_after_a_change_of_fernet_keys_old_texts_still_open() -> None:
    place = somewhere()
    token = fernet(FERNET_OLD).encrypt("тревога", place=place)
    assert fernet(FERNET_NEW, FERNET_OLD).decrypt(token, place=place) == "тревога"
    with pytest.raises(DecryptionFailed):
        fernet(FERNET_NEW).decrypt(token, place=place)


def test_texts_of_earlier_versions_open_only_while_their_keys_are_named() -> None:
    token = Fernet(FERNET_OLD).encrypt("тревога".encode()).decode()
    assert scheme_of(token) == "legacy"
    named = Encryption(scheme="envelope", envelope=envelope(), fernet=fernet(FERNET_OLD))
    assert named.decrypt(token, place=somewhere()) == "тревога"
    for other in (None, fernet(FERNET_NEW)):
        with pytest.raises(DecryptionFailed):
            Encryption(scheme="envelope", envelope=envelope(), fernet=other).decrypt(token, place=somewhere())


def test_a_bare_fernet_token_does_not_pass_for_a_bound_one() -> None:
    token = Fernet(FERNET_NEW).encrypt(b"x" * 64).decode()
    with pytest.raises(DecryptionFailed):
        fernet().decrypt(f"fer1.{token}", place=somewhere())
    with pytest.raises(DecryptionFailed):
        fernet().decrypt(token, place=somewhere())
    binary = Fernet(FERNET_NEW).encrypt(b"\xff\xfe").decode()
    with pytest.raises(DecryptionFailed):
        fernet().decrypt_legacy(binary)


@pytest.mark.parametrize("scheme", ["envelope", "fernet"])
def test_one_adapter_seals_and_both_open(scheme: str) -> None:
    place, sealing, fernets = somewhere(), envelope(), fernet()
    service = Encryption(scheme=scheme, envelope=sealing, fernet=fernets)
    token = service.encrypt("тревога", place=place)
    assert scheme_of(token) == scheme
    other = Encryption(
        scheme="fernet" if scheme == "envelope" else "envelope", envelope=sealing, fernet=fernets
    )
    assert other.decrypt(token, place=place) == "тревога"
    service.preload([place.person])


@pytest.mark.parametrize("token", ["", "тревога", "plain text", "env2.AAAA", "gAAAAABnotatoken=="])
def test_what_no_scheme_knows_raises(token: str) -> None:
    with pytest.raises(DecryptionFailed):
        encryption_service().decrypt(token, place=somewhere())


def test_the_settings_choose(settings) -> None:
    encryption_service.cache_clear()
    try:
        settings.ENCRYPTION_ADAPTER = "fernet"
        assert scheme_of(encryption_service().encrypt("x", place=somewhere())) == "fernet"
        encryption_service.cache_clear()
        settings.ENCRYPTION_ADAPTER = "rot13"
        with pytest.raises(ImproperlyConfigured):
            encryption_service()
        settings.ENCRYPTION_ADAPTER, settings.ENCRYPTION_KEYS = "fernet", []
        with pytest.raises(DecryptionFailed):
            encryption_service()
    finally:
        encryption_service.cache_clear()


@pytest.mark.parametrize("keys", [[], ["short"], ["not base64 !!"]], ids=str)
def test_fernet_does_not_start_without_a_good_key(keys: list[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the vendor's own text
        FernetEncryptionService(keys)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ([], "at least one"),
        ([":AAAA"], "key 1 has no name"),
        ([NEW, "bad name:AAAA"], "key 2 has no name"),
        (["2026-05:AAAA"], "generation 2026-05: not 32 bytes"),
        (["2026-05:!"], "generation 2026-05: not 32 bytes"),
        ([OLD, OLD], "named twice"),
    ],
    ids=["none", "nameless", "bad name", "short", "no base64", "twice"],
)
def test_a_ring_takes_good_keys_only_and_never_prints_one(keys: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        KeyRing(keys)
    assert OLD.split(":")[1] not in str(refusal.value)


def test_the_newest_generation_comes_first() -> None:
    assert KeyRing([NEW, OLD]).newest == "2026-11"
    assert KeyRing([NEW, OLD]).generations == ("2026-11", "2026-05")
