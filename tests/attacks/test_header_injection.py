"""Line breaks in what people type never become headers: of answers, of letters, of logs."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.messaging import wiring
from tests.booking.factories import make_appointment, make_client, make_service, make_staff
from tests.messaging.letters import post_letters
from tests.messaging.rows import make_letter

BREAKS = [
    "a\r\nSet-Cookie: x=1",
    "a\nBcc: victim@example.org",
    "a\r\n\r\n<script>",
    "a%0d%0aX: y",
    "a\u2028b\x0bc",
]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", BREAKS, ids=range(len(BREAKS)))
def test_nothing_of_an_address_becomes_a_header_of_the_answer(client: Client, text: str) -> None:
    client.force_login(make_staff())
    paths = [
        (reverse("admin:login"), {"next": text}),
        (reverse("admin:index"), {"q": text}),
        (reverse("admin:booking_appointment_changelist"), {"q": text, "tab": text}),
        ("/api/v1/services/", {"cursor": text}),
    ]
    for path, query in paths:
        answer = client.get(path, query)
        assert answer.status_code < 500
        assert "Set-Cookie: x=1" not in str(answer.headers)
        assert all("\n" not in value and "\r" not in value for value in answer.headers.values())


@pytest.mark.parametrize("value", ["a\r\nb", "x" * 5_000, "a b", "<script>", ""], ids=range(5))
def test_a_request_id_that_is_none_is_not_repeated(client: Client, value: str) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": value})

    assert answer["X-Request-ID"] != value


@pytest.mark.parametrize("verb", ["TRACE", "TRACK", "CONNECT", "DEBUG"])
def test_odd_methods_are_refused(client: Client, verb: str) -> None:
    for path in ("/admin/login/", "/api/v1/services/", "/health/live"):
        answer = client.generic(verb, path, headers={"X-Echo": "secret"})
        assert answer.status_code in {403, 405}, f"{verb} {path}: {answer.status_code}"
        assert b"secret" not in answer.content


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org%0ABcc:b@example.org",
        "a@example.org, b@example.org",
    ],
    ids=["line break", "encoded", "two"],
)
def test_an_address_with_more_than_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.post("/api/v1/auth/code/", {"email": address}, content_type="application/json")

    assert answer.status_code == 422
    post_letters()
    assert mail.outbox == []


def test_names_with_line_breaks_add_no_header_to_a_letter() -> None:
    """Names are cleaned when they are typed; ones that came another way must not harm a letter either."""
    person = make_client(display_name="Анна\nBcc: victim@example.org", email="anna@example.org")
    service = make_service(name="Сессия\r\nX-Injected: 1")
    make_letter(client=person, appointment=make_appointment(service=service, client=person))
    wiring.deliver_due()()

    message = mail.outbox[0].message()
    assert message["To"] == "anna@example.org"
    assert message["Bcc"] is None
    assert message["X-Injected"] is None
    assert "\n" not in str(message["Subject"])
