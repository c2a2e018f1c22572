"""All that the API can tell of a person: a row of each kind, by the names that addresses have for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import connection
from rest_framework.test import APIClient

from apps.booking.models import IntakeForm
from apps.client_cabinet.infrastructure.models import DataExport, DataExportPiece, ErasureRequest
from apps.identity import facade as identity
from apps.identity.infrastructure.models import ApiSession, User
from tests.booking.factories import (
    consented_client,
    make_appointment,
    make_intake_template,
    make_service,
    make_waitlist_request,
    signed_in,
)
from tests.client_cabinet.rows import (
    PAYLOADS,
    consent_to_health_data,
    make_entry,
    make_favourite,
    make_material,
)
from tests.payments.rows import make_payment

PUBLIC = {"slug"}
"""Parameters that name what belongs to the practice and is shown to everybody."""
OWN_NAMES = {"kind", "purpose", "reference"}
"""Parameters that name a thing among the caller's own: the same words mean something else to everybody."""
WORD = "тайное-слово"


@dataclass(frozen=True, kw_only=True)
class Possessions:
    """What ``client`` has: ``known`` are the values for the parameters of addresses, ``codes`` the codes that
    the letters about a confirmation carry, by the name of its parameter."""

    client: User
    api: APIClient
    known: dict[str, Any]
    codes: dict[str, str]

    def body(self, path: str, example: dict[str, Any] | None) -> dict[str, Any]:
        """The documented body with what an attacker could know best: the right code, the right ids."""
        body = dict(example or {})
        body.pop("return_url", None)  # of a site that these tests know nothing of
        for parameter, code in self.codes.items():
            if f"{{{parameter}}}" in path:
                body["code"] = code
        return {
            name: self.known.get(name, value) if name.endswith("_id") else value
            for name, value in body.items()
        }


def belongings() -> Possessions:
    """A client with a row of every kind."""
    client = consented_client(display_name=f"Анна {WORD}", phone="+79035550101")
    consent_to_health_data(client)
    now = datetime.now(UTC)
    service = make_service(intake_template=make_intake_template())
    appointment = make_appointment(service=service, client=client, topic="anxiety")
    IntakeForm.objects.create(
        appointment=appointment, client=client, questions=["Что?"], answers=[WORD], updated_at=now
    )
    payment = make_payment(appointment)
    entry = make_entry(client, shared_for=appointment.pk, payload={**PAYLOADS["emotions"], "situation": WORD})
    material = make_material(client, appointment_id=appointment.pk, title=WORD, text=WORD)
    favourite = make_favourite(client)
    request = make_waitlist_request(client=client, contact="+79035550101", name=WORD)
    build = uuid4()
    export = DataExport.objects.create(
        client=client, kind="archive", status="ready", build=build, size=4,
        created_at=now, ready_at=now, expires_at=now + timedelta(hours=72),
    )  # fmt: skip
    DataExportPiece.objects.create(export=export, build=build, number=0, data=b"file")
    api = signed_in(client)
    step = api.post("/api/v1/me/contacts/", {"kind": "email", "value": "anna.new@example.org"})
    contact = step.json()["confirmation_id"]
    erased = identity.request_confirmation(user_id=client.pk, purpose="erase_diary", at=now)
    erasure = ErasureRequest.objects.create(
        person=client, scope="diaries", confirmation_id=erased, status="awaiting_code", requested_at=now
    )
    return Possessions(
        client=client,
        api=api,
        known={
            "slug": service.slug,
            "appointment_id": appointment.pk,
            "payment_id": payment.pk,
            "entry_id": entry.pk,
            "material_id": material.pk,
            "kind": favourite.kind,
            "reference": favourite.reference,
            "purpose": "health_data",
            "request_id": request.pk,
            "export_id": export.pk,
            "confirmation_id": contact,
            "erasure_id": erasure.pk,
            "session_id": ApiSession.objects.get(user=client).pk,
        },
        codes={"confirmation_id": code_of(contact), "erasure_id": code_of(erased)},
    )


def code_of(confirmation_id: Any) -> str:
    letter = identity.issue_confirmation_code(confirmation_id=confirmation_id)
    assert letter is not None
    assert letter.code is not None
    return letter.code


def every_row() -> set[tuple[str, str]]:
    """Every row of every table of ours, whole, as PostgreSQL writes it."""
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and model._meta.managed
    }
    one = 'SELECT \'{0}\', "{0}"::text FROM "{0}"'
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(table) for table in sorted(tables)))
        return set(cursor.fetchall())
