"""Write down that a person withdraws a consent: what rests on it stops."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.consent_ports import ConsentAct, ConsentLedger
from apps.identity.domain.consent import ConsentNotGiven, ConsentStatus, proved
from apps.identity.domain.events import ConsentWithdrawn
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class WithdrawConsent:
    ledger: ConsentLedger
    events: EventBus
    unit_of_work: UnitOfWork
    new_id: NewId

    def __call__(
        self, *, user_id: UUID, purpose: str, channel: str, evidence: Mapping[str, str], at: datetime
    ) -> None:
        """Raises ConsentNotGiven, ConsentEvidenceMissing; then nothing is written."""
        proof = proved(channel=channel, evidence=evidence)
        with self.unit_of_work():
            standings = self.ledger.standings(user_id=user_id, purposes=[purpose], alone=True)
            granted = next(
                (
                    each
                    for each in standings
                    if each.latest is not None
                    and each.latest.document_id == each.document_id
                    and each.latest.status is ConsentStatus.GRANTED
                ),
                None,
            )
            if granted is None or granted.latest is None:
                raise ConsentNotGiven(purpose=purpose)
            self.ledger.append(
                [
                    ConsentAct(
                        user_id=user_id,
                        document=granted,
                        status=ConsentStatus.WITHDRAWN,
                        # The clocks of two machines may differ: a withdrawal is never older than its grant.
                        at=max(at, granted.latest.at),
                        channel=channel,
                        evidence=proof,
                    )
                ]
            )
            withdrawn = ConsentWithdrawn(
                event_id=self.new_id(), occurred_at=at, user_id=user_id, purpose=purpose
            )
            self.events.publish([withdrawn])
