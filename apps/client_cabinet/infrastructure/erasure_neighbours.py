"""What erasing asks of identity and of the keys of people."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.erasure_ports import Standing
from apps.client_cabinet.domain.erasure import Scope
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.errors import PersonErased
from apps.kernel.infrastructure.models import PersonKey

PURPOSES = {
    Scope.ENTRY: "erase_entry",
    Scope.DIARIES: "erase_diary",
    Scope.ACCOUNT: "erase_account",
}


class IdentityPeople:
    """People (port) over identity's facade."""

    def lock(self, person_id: UUID) -> Standing | None:
        found = identity.lock_person(person_id)
        return None if found is None else Standing(is_client=found.is_client, is_erased=found.is_deleted)

    def withdraw_consents(self, person_id: UUID, *, actor: Actor, ground: str, at: datetime) -> int:
        if actor.user_id == person_id and actor.ip:
            channel, evidence = "web", {"ip": actor.ip, "user_agent": actor.user_agent}
        else:
            channel = "staff"
            evidence = {"ground": ground, "recorded_by": str(actor.user_id or actor.role)}
        count = 0
        for purpose in identity.CONSENT_PURPOSES:
            if identity.has_consent(user_id=person_id, purpose=purpose, at=at):
                try:
                    identity.withdraw_consent(
                        user_id=person_id, purpose=purpose, channel=channel, evidence=evidence, at=at
                    )
                except PersonErased:  # a backup brought the consents back, but not the key that seals proof
                    break
                count += 1
        return count


class IdentityCodes:
    """Codes (port) over identity's facade."""

    def request(self, *, person_id: UUID, scope: Scope, at: datetime) -> UUID:
        return identity.request_confirmation(user_id=person_id, purpose=PURPOSES[scope], at=at)

    def accept(
        self, *, confirmation_id: UUID, person_id: UUID, scope: Scope, code: str, at: datetime
    ) -> None:
        identity.accept_confirmation(
            confirmation_id=confirmation_id, user_id=person_id, purpose=PURPOSES[scope], code=code, at=at
        )


def people_alive(ids: Collection[UUID]) -> set[UUID]:
    """Those who have an account that is not deleted, or a data key that opens. Two statements, none for
    nobody."""
    if not ids:
        return set()
    keys = PersonKey.objects.filter(person__in=list(ids), destroyed_at__isnull=True)
    with_key = {person for person in keys.values_list("person", flat=True) if person is not None}
    return identity.not_deleted(ids) | with_key
