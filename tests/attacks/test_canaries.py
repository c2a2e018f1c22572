"""Canaries: words that stand in every private field at once, and are then looked for in all that is kept.

They are written the way people write them: through the API, the workspace, imports and jobs. Then all that
is kept is searched, in every spelling that a dump could have: a dump of the whole database (queue, sessions,
logs of the workspace and of sign-ins, histories included), the log and the traceback of a failure.
"""

import json
import logging
import logging.config
import re
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import pytest
import structlog
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from apps.client_cabinet.infrastructure.export_jobs import BUILD_EXPORT
from apps.client_cabinet.infrastructure.models import DiaryEntry, Material, SubjectRequest
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from apps.kernel.infrastructure.ciphertexts import columns, verify
from apps.kernel.infrastructure.logging import configure, logging_settings
from project.backup.programs import Programs
from project.backup.server import Server
from tests.booking.factories import (
    CONSENT_VERSION,
    make_appointment,
    make_intake_template,
    make_service,
    make_staff,
    publish_personal_data_consent,
)
from tests.booking.presentation.admin.test_import import as_csv
from tests.client_cabinet.rows import HEALTH_VERSION, publish_health_consent
from tests.jobs import work_off
from tests.messaging.letters import post_letters

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = "zanzibar"
"""The control: a word in a column that is meant to be plain."""


NOT_WRITTEN_HERE = {"identity.secondfactorsecret.secret"}
"""No word of a person; tests/identity see that it is ciphertext."""


class Canaries:
    """Words that nobody else writes, each known by where it was put."""

    def __init__(self) -> None:
        self.put: dict[str, str] = {}

    def text(self, where: str) -> str:
        """Some words, Cyrillic ones among them."""
        number = len(self.put)
        self.put[where] = f"kanareika{number:02d}x"
        self.put[f"{where}, in Cyrillic"] = f"канарейка{number:02d}щ"
        return f"{self.put[where]} {self.put[f'{where}, in Cyrillic']}"

    def email(self, where: str) -> str:
        name = f"kanareika-mail{len(self.put):02d}x"
        self.put[where] = name
        return f"{name}@example.org"

    def phone(self, where: str) -> str:
        number = f"916555{len(self.put):04d}"
        self.put[where] = number
        return f"+7{number}"

    def found_in(self, kept: str) -> list[str]:
        return sorted(
            where for where, word in self.put.items() if any(each in kept for each in spelled(word))
        )


def spelled(word: str) -> set[str]:
    """How a word may look in a dump: plain, escaped for JSON, in an address, in base64, as hex."""
    raw = word.encode()
    encoded = {b64encode(b"\0" * shift + raw).decode()[4 if shift else 0 : -4] for shift in range(3)}
    return {
        word,
        json.dumps(word)[1:-1],
        quote(word),
        raw.hex(),
        *(each for each in encoded if len(each) > 7),
    }


@pytest.fixture
def log(settings) -> Iterator[Callable[[], str]]:
    """The application log as in production, with the tracebacks of what fails."""
    written: list[str] = []

    class Outlet(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    before = structlog.get_config()
    configured = logging_settings(level="INFO", as_json=True)
    configured["handlers"]["stderr"] = {"()": Outlet, "formatter": "structured"}
    configure(configured)
    yield lambda: "\n".join(written)
    logging.config.dictConfig(settings.LOGGING)
    structlog.configure(**before)


def sign_in(canaries: Canaries) -> tuple[APIClient, User]:
    """A newcomer signs in by a code."""
    api = APIClient(raise_request_exception=False)
    address = canaries.email("e-mail of a client")
    api.post("/api/v1/auth/code/", {"email": address})
    post_letters()
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert code
    token = api.post("/api/v1/auth/session/", {"email": address, "code": code[0]}).json()["session_token"]
    api.credentials(HTTP_X_SESSION_TOKEN=token)
    return api, User.objects.get(email=address)


def ok(answer, *statuses: int):
    assert answer.status_code in (statuses or (200, 201, 202, 204)), answer.content.decode()[-2_000:]
    return answer


def through_the_api(canaries: Canaries) -> tuple[APIClient, User]:
    api, client = sign_in(canaries)
    service = make_service(intake_template=make_intake_template(["Что привело вас?"]))
    given = [{"purpose": "personal_data", "version": CONSENT_VERSION}]
    identity.grant_consents(
        user_id=client.pk,
        grants=[("personal_data", CONSENT_VERSION), ("health_data", HEALTH_VERSION)],
        channel="web",
        evidence={"ip": "192.0.2.1", "user_agent": canaries.text("evidence of a consent")},
        at=timezone.now(),
    )
    ahead = make_appointment(service=service, client=client)
    form = f"/api/v1/appointments/{ahead.pk}/intake/"
    ok(api.put(form, {"answers": [canaries.text("answer of the intake form")]}))
    ok(api.post(f"{form}submit/"))
    guest = APIClient()
    wish = {
        "service": service.slug,
        "name": canaries.text("name of a guest who waits"),
        "preferred_contact": "email",
        "contact": canaries.email("contact of a guest who waits"),
        "time_zone": "Europe/Moscow",
        "consents": given,
    }
    ok(guest.post("/api/v1/waitlist/", wish, headers={"Idempotency-Key": "canary"}))
    diary = {
        "emotions": {
            "emotions": [{"name": canaries.text("emotion"), "intensity": 6}],
            "situation": canaries.text("situation"),
        },
        "abc": {
            "activating_event": canaries.text("event"),
            "beliefs": canaries.text("beliefs"),
            "consequences": canaries.text("consequences"),
        },
        "gratitude": {"items": [canaries.text("gratitude")], "note": canaries.text("note of a gratitude")},
    }
    for kind, payload in diary.items():
        key = {"Idempotency-Key": f"canary-{kind}"}
        ok(api.post("/api/v1/me/diary/", {"type": kind, "payload": payload}, headers=key))
    entry = DiaryEntry.objects.first()
    ok(api.post(f"/api/v1/me/diary/{entry.pk}/share/", {"appointment_id": str(ahead.pk)}))
    step = {"kind": "email", "value": canaries.email("a new address")}
    told = ok(api.post("/api/v1/me/contacts/", step)).json()
    letter = identity.issue_confirmation_code(confirmation_id=told["confirmation_id"])
    assert letter
    ok(api.post(f"/api/v1/me/contacts/{told['confirmation_id']}/confirm/", {"code": letter.code}))
    return api, client


def through_the_workspace(canaries: Canaries, client: User) -> None:
    owner = make_staff("owner", email=canaries.email("e-mail of the owner"))
    browser = Browser(raise_request_exception=False)
    browser.force_login(owner)

    def dialog(name: str, *args: object, **answers: str):
        return ok(
            browser.post(reverse(f"admin:{name}", args=args), {"_form_submitted": "1", **answers}), 200, 302
        )

    dialog(
        "identity_client_register",
        display_name="Ирина",
        email=canaries.email("e-mail that staff typed"),
        phone=canaries.phone("phone that staff typed"),
    )
    begun = make_appointment(client=client, start=timezone.now() - timedelta(hours=1))
    dialog(
        "booking_appointment_record_outcome",
        begun.pk,
        outcome="attended",
        reason="none",
        notes=canaries.text("session notes"),
    )
    sent = {"client": str(client.pk), "appointment": str(begun.pk)}
    title, text = canaries.text("title of a material"), canaries.text("text of a material")
    dialog("client_cabinet_material_write", **sent, title=title, text=text)
    assert Material.objects.get().text == text
    dialog(
        "client_cabinet_subjectrequest_register_request",
        kind="access",
        channel="letter",
        person=str(client.pk),
        received_on=timezone.localdate().isoformat(),
        text=canaries.text("request of a data subject"),
    )
    request = SubjectRequest.objects.get()
    command = "client_cabinet_subjectrequest"
    dialog(f"{command}_extend", request.pk, text=canaries.text("why an answer takes longer"))
    dialog(f"{command}_answer", request.pk, text=canaries.text("answer to a data subject"))
    for address in (
        reverse("admin:identity_client_changelist") + f"?q={quote(canaries.email('what staff looked for'))}",
        reverse("admin:booking_appointment_changelist")
        + "?q="
        + canaries.phone("phone that staff looked for"),
        reverse("admin:identity_client_change", args=[client.pk]),
    ):
        ok(browser.get(address))
    through_an_import(canaries, browser)
    stranger = Browser()
    stranger.post(
        "/admin/login/", {"username": canaries.email("name of a failed sign-in"), "password": "guess"}
    )


def through_an_import(canaries: Canaries, browser: Browser) -> None:
    """A table with somebody's words in it, which is looked at and refused row by row."""
    row = {"Адрес в ссылках": "couple", "Название для клиентов": "", "Цена, рублей": canaries.text("a cell")}
    table = SimpleUploadedFile("table.csv", as_csv(row))
    ok(browser.post(reverse("admin:booking_service_import"), {"table": table}))


def through_the_jobs(canaries: Canaries, api: APIClient) -> None:
    """Letters and an export are made; another export waits for its turn, with its passphrase."""
    for _ in range(2):
        post_letters()
        work_off(BUILD_EXPORT)
        told = ok(api.post("/api/v1/me/exports/", {"kind": "archive"})).json()
        canaries.put[f"passphrase of export {told['id']}"] = told["passphrase"]
    work_off("kernel.purge_api_records")


def dump() -> str:
    """The whole database as ``pg_dump`` writes it."""
    server = Server.of_settings(connection.settings_dict)
    arguments = ["--inserts", "--no-owner", "--exclude-schema=seeded"]
    with Programs.find().run("pg_dump", arguments, server, stdout=subprocess.PIPE) as running:
        text = running.output.read()
        running.finish()
    return text.decode()


def test_no_private_word_is_readable_anywhere(log: Callable[[], str]) -> None:
    canaries = Canaries()
    publish_personal_data_consent()
    publish_health_consent()
    api, client = through_the_api(canaries)
    through_the_workspace(canaries, client)
    client.telegram_id = int(canaries.phone("Telegram id"))
    client.save()
    through_the_jobs(canaries, api)
    make_appointment(client=client, topic=PLAIN)

    kept = dump()
    assert PLAIN in kept
    assert str(client.pk) in kept
    assert canaries.found_in(kept) == []
    lines = log()
    assert "/api/v1/me/diary/" in lines
    assert canaries.found_in(lines) == []

    unwritten = {str(column) for column in columns() if not verify(column).opened}
    assert unwritten <= NOT_WRITTEN_HERE, "a private field that no canary has been in"
    call_command("encryption_verify", stdout=StringIO())


def test_a_failure_tells_no_private_word_to_the_log(
    log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = Canaries()
    publish_personal_data_consent()
    publish_health_consent()
    api, _client = through_the_api(canaries)

    def fail(self, *args: object, **kwargs: object) -> None:
        raise RuntimeError(f"it broke over {PLAIN}")

    monkeypatch.setattr("apps.client_cabinet.infrastructure.models.DiaryEntry.save", fail)
    body = {"type": "gratitude", "payload": {"items": [canaries.text("gratitude")], "note": ""}}
    answer = api.post("/api/v1/me/diary/", body)
    assert answer.status_code == 500
    assert canaries.found_in(answer.content.decode()) == []
    lines = log()
    assert PLAIN in lines  # the control
    assert "RuntimeError" in lines
    assert canaries.found_in(lines) == []
