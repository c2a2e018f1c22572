"""What every EncryptionService keeps to, whichever adapter it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.kernel.application.ports import DecryptionFailed, EncryptionService, Place
from tests.counts import property_settings
from tests.kernel.infrastructure.encryption.rings import ADAPTERS, somewhere

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PREFIXES = {"envelope": "env1.", "fernet": "fer1."}


@pytest.fixture(params=sorted(ADAPTERS))
def service(request: pytest.FixtureRequest) -> EncryptionService:
    return ADAPTERS[request.param]()


class TestTexts(TestCase):
    @property_settings(bounded=40)
    @given(name=st.sampled_from(sorted(ADAPTERS)), text=TEXTS)
    def test_every_text_survives_and_is_unreadable_meanwhile(self, name: str, text: str) -> None:
        service, place = ADAPTERS[name](), somewhere()
        token = service.encrypt(text, place=place)
        assert service.decrypt(token, place=place) == text
        assert token.isascii()
        assert token.startswith(PREFIXES[name])
        assert len(text) < 8 or text not in token

    @property_settings(bounded=60)
    @given(name=st.sampled_from(sorted(ADAPTERS)), data=st.data())
    def test_a_token_with_any_bit_flipped_or_any_end_cut_does_not_open(
        self, name: str, data: st.DataObject
    ) -> None:
        service, place = ADAPTERS[name](), somewhere()
        token = service.encrypt("тревога", place=place)
        prefix, text = token.split(".", 1)
        raw = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if data.draw(st.booleans(), label="cut"):
            damaged = token[: data.draw(st.integers(0, len(token) - 1), label="length")]
        else:
            bit = data.draw(st.integers(0, len(raw) * 8 - 1), label="bit")
            raw[bit // 8] ^= 1 << bit % 8
            ending = "" if name == "envelope" else "=" * (text.count("="))
            damaged = f"{prefix}.{urlsafe_b64encode(raw).decode().rstrip('=')}{ending}"
        with pytest.raises(DecryptionFailed):
            service.decrypt(damaged, place=place)

    @property_settings(bounded=40)
    @given(name=st.sampled_from(sorted(ADAPTERS)), noise=st.text(max_size=60) | st.binary(max_size=60))
    def test_what_is_no_token_raises(self, name: str, noise: str | bytes) -> None:
        service = ADAPTERS[name]()
        text = noise if isinstance(noise, str) else PREFIXES[name] + urlsafe_b64encode(noise).decode()
        with pytest.raises(DecryptionFailed):
            service.decrypt(text, place=somewhere())


def test_the_same_text_never_looks_the_same(service: EncryptionService) -> None:
    place = somewhere()
    assert service.encrypt("тревога", place=place) != service.encrypt("тревога", place=place)


def moved_field(place: Place) -> Place:
    return replace(place, field="diary.entry.title")


def moved_row(place: Place) -> Place:
    return replace(place, row=str(uuid4()))


def moved_person(place: Place) -> Place:
    return replace(place, person=uuid4())


def moved_to_the_practice(place: Place) -> Place:
    return replace(place, person=None)


def moved_across_the_frame(place: Place) -> Place:
    """The same letters, cut elsewhere between field and row."""
    return replace(place, field=place.field + place.row[:3], row=place.row[3:])


@pytest.mark.parametrize(
    "moved", [moved_field, moved_row, moved_person, moved_to_the_practice, moved_across_the_frame]
)
def test_a_ciphertext_that_was_moved_does_not_open(service: EncryptionService, moved) -> None:
    place = somewhere()
    token = service.encrypt("тревога", place=place)
    elsewhere = moved(place)
    service.encrypt("чужое", place=elsewhere)  # whoever lives there has a key of their own
    with pytest.raises(DecryptionFailed) as failure:
        service.decrypt(token, place=elsewhere)
    assert token not in str(failure.value)
    assert "тревога" not in str(failure.value)
    assert service.decrypt(token, place=place) == "тревога"


def test_texts_of_the_practice_open_too(service: EncryptionService) -> None:
    place = replace(somewhere(), person=None)
    assert service.decrypt(service.encrypt("общее", place=place), place=place) == "общее"


def test_tokens_of_the_other_adapter_do_not_open(service: EncryptionService) -> None:
    place = somewhere()
    for other in ADAPTERS.values():
        token = other().encrypt("тревога", place=place)
        if type(other()) is not type(service):
            with pytest.raises(DecryptionFailed):
                service.decrypt(token, place=place)


def test_making_ready_for_many_people_is_harmless(service: EncryptionService) -> None:
    service.preload([uuid4(), None, uuid4()])
    service.preload([])
