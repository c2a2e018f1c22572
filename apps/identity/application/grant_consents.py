"""Write down that a person agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.ports import ConsentAct, ConsentLedger, Standing
from apps.identity.domain.consent import ConsentDocumentOutdated, ConsentDocumentUnknown, ConsentStatus
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class GrantConsents:
    ledger: ConsentLedger
    unit_of_work: UnitOfWork

    def __call__(
        self,
        *,
        user_id: UUID,
        grants: Sequence[tuple[str, str]],
        channel: str,
        evidence: Mapping[str, str],
        at: datetime,
    ) -> None:
        """Grant each (purpose, version); what is granted already is not written twice.

        Raises ConsentDocumentUnknown, ConsentDocumentOutdated; then nothing is written.
        """
        wanted = dict.fromkeys(grants)
        if not wanted:
            return
        with self.unit_of_work():
            purposes = sorted({purpose for purpose, _ in wanted})
            standings = self.ledger.standings(user_id=user_id, purposes=purposes)
            chosen = [_in_force(standings, purpose, version, at) for purpose, version in wanted]
            acts = [
                ConsentAct(
                    user_id=user_id,
                    document=document,
                    status=ConsentStatus.GRANTED,
                    at=at,
                    channel=channel,
                    evidence=evidence,
                )
                for document in chosen
                if not document.granted
            ]
            if acts:
                self.ledger.append(acts)


def _in_force(standings: list[Standing], purpose: str, version: str, at: datetime) -> Standing:
    valid = [each for each in standings if each.purpose == purpose and each.effective_from <= at]
    asked = next((each for each in valid if each.version == version), None)
    if asked is None:
        raise ConsentDocumentUnknown(field="consents", purpose=purpose, version=version)
    if any(each.effective_from > asked.effective_from for each in valid):
        raise ConsentDocumentOutdated(field="consents", purpose=purpose, version=version)
    return asked
