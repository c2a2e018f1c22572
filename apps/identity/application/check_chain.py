"""Check the chain of consents at a person's word, between the nightly checks."""

from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.consent_ports import ChainChecks, PublishedHeads
from apps.identity.application.ports import AuditLog
from apps.identity.application.verify_consents import VerifyConsents
from apps.identity.domain.consent_chain import Verdict
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor


@dataclass(frozen=True)
class CheckConsentChain:
    verify: VerifyConsents
    heads: PublishedHeads
    checks: ChainChecks
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, actor: Actor, at: datetime) -> Verdict:
        """The verdict is kept beside those of the nights; nothing is published. Raises HeadsUnreadable."""
        verdict = self.verify(heads=self.heads.all())
        with self.unit_of_work():
            self.checks.add(verdict, at=at)
            self.audit.record(
                actor=actor, action="consent_chain_checked", entity="consent_chain", entity_id="all", at=at
            )
        return verdict
