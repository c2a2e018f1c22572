"""Write down that a person agrees to, or declines, what they are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.identity.application.consent_ports import ConsentAct, ConsentLedger, Standing
from apps.identity.domain.consent import (
    ConsentDocumentOutdated,
    ConsentDocumentUnknown,
    ConsentsContradict,
    ConsentStands,
    ConsentStatus,
    proved,
)
from apps.kernel.application.ports import UnitOfWork


@dataclass(frozen=True)
class DecideConsents:
    ledger: ConsentLedger
    unit_of_work: UnitOfWork

    def __call__(
        self,
        *,
        user_id: UUID,
        grants: Sequence[tuple[str, str]] = (),
        declines: Sequence[tuple[str, str]] = (),
        channel: str,
        evidence: Mapping[str, str],
        at: datetime,
    ) -> None:
        """Each (purpose, version) is an act of its own; what is decided so already is not written twice.

        Raises ConsentDocumentUnknown, ConsentDocumentOutdated, ConsentsContradict, ConsentStands (a consent
        that stands is not declined but withdrawn), ConsentEvidenceMissing; then nothing is written.
        """
        decisions = [(ConsentStatus.GRANTED, *each) for each in dict.fromkeys(grants)]
        decisions += [(ConsentStatus.DECLINED, *each) for each in dict.fromkeys(declines)]
        if not decisions:
            return
        purposes = sorted({purpose for _, purpose, _ in decisions})
        if {purpose for purpose, _ in grants} & {purpose for purpose, _ in declines}:
            raise ConsentsContradict(field="consents")
        proof = proved(channel=channel, evidence=evidence)
        with self.unit_of_work():
            standings = self.ledger.standings(user_id=user_id, purposes=purposes, alone=bool(declines))
            acts: list[ConsentAct] = []
            for status, purpose, version in decisions:
                document = _in_force(standings, purpose, version, at)
                if document.decided(status):
                    continue
                if status is ConsentStatus.DECLINED and _stands(document):
                    raise ConsentStands(field="consents", purpose=purpose)
                acts.append(
                    ConsentAct(
                        user_id=user_id,
                        document=document,
                        status=status,
                        at=at,
                        channel=channel,
                        evidence=proof,
                    )
                )
            if acts:
                self.ledger.append(acts)


def _stands(document: Standing) -> bool:
    return document.latest is not None and document.latest.status is ConsentStatus.GRANTED


def _in_force(standings: list[Standing], purpose: str, version: str, at: datetime) -> Standing:
    valid = [each for each in standings if each.purpose == purpose and each.effective_from <= at]
    asked = next((each for each in valid if each.version == version), None)
    if asked is None:
        raise ConsentDocumentUnknown(field="consents", purpose=purpose, version=version)
    if any(each.effective_from > asked.effective_from for each in valid):
        raise ConsentDocumentOutdated(field="consents", purpose=purpose, version=version)
    return asked
