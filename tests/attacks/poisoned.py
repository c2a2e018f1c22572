"""A practice in which every text that somebody can send in is an attack on whoever reads it."""

from datetime import UTC, datetime
from typing import Any

from apps.audit.models import AuditRecord
from apps.booking import models as booking
from apps.client_cabinet.infrastructure.models import DiaryEntry, Material, SubjectRequest
from apps.identity import facade as identity
from apps.identity.infrastructure.models import StaffSession, User
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.infrastructure.models import JobFailure
from apps.messaging.models import MessageTemplate
from apps.payments import models as money
from tests.booking.factories import LEGAL, make_appointment, next_monday
from tests.messaging.rows import make_letter
from tests.payments.rows import enter

WORD = "щука"
"""The control: a reader must see it, else nothing was attacked."""
ATTACK = f"{WORD}');pwned=1;//\"><img src=x onerror=pwned=1></script><script>pwned=1</script>"
"""Leaves a string of a script, an attribute, a tag and a script, whichever it stands in."""
LINK = "javascript:pwned=1"
MARKS = ("<img src=x", "<script>pwned", '"javascript:', "'javascript:")
"""What a page holds only if an attack got through."""

TEXTS: dict[Any, dict[str, Any]] = {
    User: {"display_name": ATTACK},
    booking.Specialist: {"display_name": ATTACK},
    booking.Service: dict.fromkeys(
        ("name", "internal_name", "description", "for_whom", "how_it_goes", "address"), ATTACK
    ),
    booking.Appointment: {
        "address": ATTACK,
        "entry_point": ATTACK,
        "topic": ATTACK,
        "utm": {"utm_source": ATTACK, ATTACK: ATTACK},
    },
    booking.IntakeTemplate: {"name": ATTACK, "questions": [ATTACK]},
    booking.IntakeForm: {"questions": [ATTACK], "answers": [ATTACK]},
    booking.DateOverride: {"note": ATTACK},
    booking.WaitlistRequest: {"name": ATTACK, "contact": ATTACK},
    booking.OutcomeRecord: {"notes": ATTACK},
    money.Payment: {"description": ATTACK, "failure_code": ATTACK, "method": ATTACK},
    money.Refund: {"failure_code": ATTACK},
    money.PaymentAlert: {"reference": ATTACK, "details": {"what": ATTACK}},
    Material: {"title": ATTACK, "text": f"{ATTACK}\n\n[{ATTACK}]({LINK}) <b onclick=pwned=1>x</b>"},
    DiaryEntry: {
        "payload": {"emotions": [{"name": ATTACK, "intensity": 6}], "situation": ATTACK, "body": ATTACK}
    },
    SubjectRequest: {"text": ATTACK},
    MessageTemplate: {"subject": ATTACK, "body": f"{ATTACK}\n\n[{ATTACK}]({LINK})"},
    StaffSession: {"device": ATTACK},
    JobFailure: {"task_name": ATTACK, "error": ATTACK, "place": ATTACK, "code": ATTACK},
}
"""Model to the texts of its rows; longer ones are cut to what their column holds."""


def poison() -> set[str]:
    """Write the attacks into every row there is, and add the rows that are only ever added. Returns the
    columns that none of them is in, because there was no row."""
    now = datetime.now(UTC)
    owner = User.objects.filter(role="owner").first()
    client = User.objects.filter(role="client", email__isnull=False).first()
    assert owner is not None
    assert client is not None
    empty = set()
    for model, texts in TEXTS.items():
        rows = list(model._default_manager.all())
        if not rows:
            empty.add(model._meta.label)
        for row in rows:
            for name, value in texts.items():
                longest = model._meta.get_field(name).max_length
                setattr(row, name, value[:longest] if isinstance(value, str) and longest else value)
            row.save()
    service = booking.Service.objects.first()
    assert service is not None
    made = make_appointment(service=service, client=client, start=next_monday(17), topic=ATTACK[:64])
    enter(made, "payment", 100)
    AuditRecord.objects.create(
        at=now,
        actor_id=owner.pk,
        role=ATTACK[:20],
        action="consent_withdrawn",
        entity=ATTACK[:80],
        entity_id=ATTACK[:80],
        changes={"display_name": [ATTACK, ATTACK], ATTACK: [ATTACK, ATTACK]},
        ip="192.0.2.1",
        user_agent=ATTACK,
    )
    identity.publish_consent_document(
        purpose="communications",
        version="1.0",
        title=ATTACK,
        text=f"{ATTACK}\n\n[{ATTACK}]({LINK})",
        legal=dict.fromkeys(LEGAL, ATTACK),
        effective_from=now,
        actor=SYSTEM,
        at=now,
    )
    make_letter(client=client, appointment=booking.Appointment.objects.first())
    return empty
