"""Prove that nobody touched the consents, and let the world know where their chain ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.identity.application.consent_ports import ChainChecks, ConsentChain, PublishedHeads
from apps.identity.domain.consent_chain import ChainProblem, ChainProof, PublishedHead, Verdict
from apps.identity.domain.events import ConsentChainHeadPublished
from apps.kernel.application.ports import EventBus, UnitOfWork
from apps.kernel.domain.ids import NewId


@dataclass(frozen=True)
class VerifyConsents:
    chain: ConsentChain

    def __call__(self, *, heads: Sequence[PublishedHead]) -> Verdict:
        """Go through the whole chain as of now, against ``heads`` published earlier."""
        with self.chain.as_of_now():
            documents = self.chain.documents()
            proof = ChainProof(documents={each.id: each.sha256 for each in documents}, heads=heads)
            for document in documents:
                if not document.is_whole:
                    proof.found(ChainProblem.DOCUMENT_CHANGED, None)
            for link in self.chain.links():
                proof.take(link)
            if self.chain.contents() != proof.present:
                proof.found(ChainProblem.CONTENT_NOT_CHAINED, None)
        return proof.finish()


@dataclass(frozen=True)
class PublishChainHead:
    """The nightly check: its verdict is kept, and the head of a chain that holds is published outside."""

    verify: VerifyConsents
    heads: PublishedHeads
    checks: ChainChecks
    events: EventBus
    unit_of_work: UnitOfWork
    new_id: NewId

    def __call__(self, *, at: datetime) -> Verdict:
        """Raises HeadsUnreadable. The head goes into the file before anything tells of it."""
        verdict = self.verify(heads=self.heads.all())
        publishes = verdict.holds and verdict.links > 0
        if publishes:
            self.heads.publish(PublishedHead(seq=verdict.seq, head=verdict.head, at=at))
        with self.unit_of_work():
            self.checks.add(verdict, at=at)
            if publishes:
                published = ConsentChainHeadPublished(
                    event_id=self.new_id(), occurred_at=at, seq=verdict.seq, head=verdict.head
                )
                self.events.publish([published])
        return verdict
