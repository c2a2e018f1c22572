"""What goes from booking when a client is erased, what stays, and what stands against it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.infrastructure.models import (
    Appointment,
    IntakeForm,
    OutcomeRecord,
    WaitlistOffer,
    WaitlistRequest,
)
from apps.identity import facade as identity
from apps.kernel.application.personal_data import Kept, Obstacle
from apps.kernel.application.ports import DecryptionFailed
from apps.kernel.domain.errors import gettext_noop

UPCOMING = Obstacle(
    code="appointment_ahead",
    message=gettext_noop(
        "You have an appointment ahead. Cancel it first: until then the contract with you is the ground for "
        "keeping your data."
    ),
)
UNFINISHED = Obstacle(
    code="appointment_not_closed",
    message=gettext_noop(
        "A session of yours has begun and is not closed yet. As soon as the specialist has noted how it "
        "went, your account can be erased."
    ),
)
KEPT_APPOINTMENTS = gettext_noop(
    "Dates, services and prices of appointments, without anything that names you"
)
GROUND_OF_APPOINTMENTS = gettext_noop(
    "They explain payments: the law on accounting 402-FZ, art. 29, and the Tax Code, art. 23(1)(8)"
)
YEARS_OF_APPOINTMENTS = 5


def obstacles(person_id: UUID, at: datetime) -> list[Obstacle]:
    """Overdue holds and requests count no more, though nobody may have marked them yet. One statement."""
    held = Q(status=AppointmentStatus.PENDING_PAYMENT, hold_expires_at__lte=at)
    unanswered = Q(status=AppointmentStatus.REQUESTED, answer_due_at__lte=at)
    rows = Appointment.objects.filter(client=person_id, status__in=sorted(ACTIVE)).exclude(held | unanswered)
    starts = list(rows.values_list("start", flat=True))
    found = []
    if any(start > at for start in starts):
        found.append(UPCOMING)
    if any(start <= at for start in starts):
        found.append(UNFINISHED)
    return found


def erase_appointments(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """What tells of the person goes; that there was a session, when and at what price stays."""
    stripped = Appointment.objects.filter(client=person_id).update(
        meeting_link="", topic="", entry_point="", deep_link_id="", utm={}
    )
    return {"appointments_stripped": stripped, "session_notes": _empty_notes(person_id)}


def kept_appointments(person_id: UUID) -> list[Kept]:
    return [
        Kept(
            what=KEPT_APPOINTMENTS,
            ground=GROUND_OF_APPOINTMENTS,
            years=YEARS_OF_APPOINTMENTS,
            count=Appointment.objects.filter(client=person_id).count(),
        )
    ]


def erase_intake(person_id: UUID, at: datetime) -> Mapping[str, int]:
    return {"intake_forms": IntakeForm.objects.filter(client=person_id).delete()[0]}


def erase_waitlist(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """The person's requests, and those they left as a guest under the same address or number."""
    ids = [*WaitlistRequest.objects.filter(client=person_id).values_list("pk", flat=True)]
    ids += _left_as_guest(person_id)
    offers = WaitlistOffer.objects.filter(waitlist_request__in=ids).delete()[0]
    requests = WaitlistRequest.objects.filter(pk__in=ids).delete()[0]
    return {"waitlist_offers": offers, "waitlist_requests": requests}


def _empty_notes(person_id: UUID) -> int:
    rows = OutcomeRecord.objects.filter(appointment__client=person_id).exclude(notes="")
    for row in rows:
        row.notes = ""
        row.save(update_fields=["notes"])
    return len(rows)


def _left_as_guest(person_id: UUID) -> list[UUID]:
    try:
        person = identity.client(person_id)
    except DecryptionFailed:  # a backup brought the person back without the key: nobody knows the contacts
        return []
    contacts = {each for each in (person.email, person.phone) if each} if person else set()
    if not contacts:
        return []
    found = []
    for row in WaitlistRequest.objects.filter(client__isnull=True).iterator(chunk_size=500):
        try:
            contact = str(row.contact)
        except DecryptionFailed:
            continue  # whatever it says, nobody can read it
        if contact in contacts:
            found.append(row.pk)
    return found
