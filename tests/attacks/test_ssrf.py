"""No address that somebody hands in is ever called."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.attacks.api_walk import WRITING, Call, calls
from tests.booking.factories import consented_client, make_appointment, make_service, signed_in
from tests.payments.provider import stand_in

ADDRESSES = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:5432/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://localhost.evil.example/",
    "https://good.example@10.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/_HELO",
    "//evil.example/path",
    "javascript:alert(1)",
    "https://evil.example/\r\nHost: internal",
]
ADDRESS_FIELDS = ("url", "uri", "link", "webhook", "callback", "avatar", "image", "host")
CALLS = [each for each in calls(*WRITING) if each.example is not None]


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every host that is looked up or connected to while the test runs."""
    seen: list[Any] = []

    def refuse(address: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: refuse(address))
    return seen


def with_addresses(body: dict[str, Any], address: str) -> Iterator[dict[str, Any]]:
    """``body`` with ``address`` in place of each text that is or may be one, and in every other text."""
    for name, value in body.items():
        if isinstance(value, str) or any(word in name for word in ADDRESS_FIELDS):
            yield {**body, name: address}


@pytest.mark.django_db
@pytest.mark.parametrize("each", CALLS, ids=str)
def test_an_address_in_a_body_is_never_called(
    each: Call, dialled: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    client = consented_client()
    appointment = make_appointment(service=make_service(), client=client)
    known = {"appointment_id": appointment.pk, "id": appointment.pk, "slug": appointment.service.slug}
    api = signed_in(client)
    for address in ADDRESSES:
        for body in with_addresses(each.example or {}, address):
            answer = getattr(api, each.verb)(each.address(**known), body)
            assert answer.status_code < 500, (address, answer.status_code)
            assert "root:" not in answer.content.decode()
    assert dialled == []


@pytest.mark.django_db
def test_the_watch_does_see_a_call(dialled: list[Any]) -> None:
    """The control."""
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("evil.example", 80))
    assert dialled
