"""What becomes of an account when its owner is erased."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from axes.models import AccessAttempt, AccessFailureLog, AccessLog

from apps.identity.domain.roles import Role
from apps.identity.domain.user import Status
from apps.identity.infrastructure import models
from apps.identity.infrastructure.models.user import CONTACTS
from apps.identity.infrastructure.repositories.consents import DjangoConsentLedger
from apps.identity.infrastructure.repositories.users import DjangoUserRepository
from apps.identity.infrastructure.sign_in_codes import forget_address
from apps.identity.infrastructure.tried_names import tried_name
from apps.kernel.application.personal_data import Kept
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.domain.errors import gettext_noop
from apps.kernel.infrastructure import idempotency

KEPT_CONSENTS = gettext_noop("Consents and their withdrawal, under a number instead of your name")
GROUND_OF_CONSENTS = gettext_noop(
    "The operator must be able to prove that there was a consent: 152-FZ, art. 9(3)"
)
YEARS_OF_CONSENTS = 3


@dataclass(frozen=True, kw_only=True)
class PersonStanding:
    """What an erasure must know of an account before it begins."""

    is_client: bool
    is_deleted: bool


def lock_person(person_id: UUID) -> PersonStanding | None:
    """Hold the account until the end of the transaction: consents of the person queue up first (as those who
    write one do), then new rows that refer to the account. None when there is no such person."""
    DjangoConsentLedger().standings(user_id=person_id, purposes=(), alone=True)
    rows = models.User.objects.select_for_update().filter(pk=person_id)
    found = rows.values_list("role", "status").first()
    if found is None:
        return None
    role, status = found
    return PersonStanding(is_client=role == Role.CLIENT, is_deleted=status == Status.DELETED)


def not_deleted(ids: Collection[UUID]) -> set[UUID]:
    """Those of the people whose account is there and not deleted. One query, none for nobody."""
    if not ids:
        return set()
    rows = models.User.objects.filter(pk__in=list(ids)).exclude(status=Status.DELETED.value)
    return set(rows.values_list("pk", flat=True))


def erase_profile(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """Name and contacts go; the row stays as a number that money and consents refer to."""
    rows = {
        "confirmations": models.Confirmation.objects.filter(user=person_id).delete()[0],
        "kept_answers": idempotency.forget(owner=f"user:{person_id}"),
    }
    users = DjangoUserRepository()
    try:
        user = users.get(person_id)
    except KeyDestroyed:  # a backup brought the row back, but not the key that seals it
        _empty_contacts(person_id)
        user = users.get(person_id)
    if user.email is not None:
        rows["sign_in_codes"] = forget_address(user.email)
        rows["sign_in_attempts"] = _forget_attempts(user.email)
    rows["accounts"] = int(user.erase())
    users.save(user)
    return rows


def erase_sessions(person_id: UUID, at: datetime) -> Mapping[str, int]:
    """Every session of the API ends now. Clients have none of the workspace."""
    return {"sessions": models.ApiSession.objects.filter(user=person_id).delete()[0]}


def kept_consents(person_id: UUID) -> list[Kept]:
    return [
        Kept(
            what=KEPT_CONSENTS,
            ground=GROUND_OF_CONSENTS,
            years=YEARS_OF_CONSENTS,
            count=models.Consent.objects.filter(user=person_id).count(),
        )
    ]


def _empty_contacts(person_id: UUID) -> None:
    """Contacts that nobody can open any more, with their blind indexes."""
    empty = dict.fromkeys([*CONTACTS, *(f"{name}_index" for name in CONTACTS)])
    models.User.objects.filter(pk=person_id).update(status=Status.DELETED.value, **empty)


def _forget_attempts(email: str) -> int:
    """Tries to enter the workspace under the person's address."""
    return sum(
        table.objects.filter(username__in=[tried_name(email), email]).delete()[0]
        for table in (AccessAttempt, AccessFailureLog, AccessLog)
    )
