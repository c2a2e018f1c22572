"""A part of the consents for an inspector: the acts of a period or of one person, signed by the practice.

A line is a JSON object as in the whole export (:mod:`apps.identity.application.export_consents`). Every act
stands with its link, so that its hashes are proved from the file; that none is missing is proved only by the
whole export.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from apps.identity.application.consent_ports import ConsentChain, Seal
from apps.identity.application.export_consents import json_line, signed_text, told_document, told_link
from apps.identity.application.ports import AuditLog
from apps.identity.domain.consent_chain import ACT_COLUMNS, Link, LinkKind, micros
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor

FORMAT = "consents-part/1"
_USER, _AT = ACT_COLUMNS.index("user_id"), ACT_COLUMNS.index("at")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Acts with ``since`` <= at < ``until``, of everybody or of one person."""

    since: datetime
    until: datetime
    user_id: UUID | None = None

    def holds(self, link: Link) -> bool:
        if link.kind != LinkKind.ACT or link.content is None:
            return False
        of_person = self.user_id is None or link.content[_USER] == str(self.user_id)
        return of_person and int(micros(self.since)) <= int(link.content[_AT]) < int(micros(self.until))


@dataclass(frozen=True)
class RecordConsentExport:
    """Write down that acts are taken away; whatever form the file has."""

    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, part: Part, *, file_format: str, actor: Actor, at: datetime) -> None:
        period = f"{part.since:%Y-%m-%d} – {part.until:%Y-%m-%d}"
        with self.unit_of_work():
            self.audit.record(
                actor=actor,
                action="consents_exported",
                entity="consent_chain" if part.user_id is None else "client",
                entity_id="part" if part.user_id is None else str(part.user_id),
                at=at,
                changes={"format": (None, file_format), "filters": (None, period)},
            )


@dataclass(frozen=True)
class ExportPart:
    chain: ConsentChain
    seal: Callable[[], Seal]

    def __call__(self, part: Part, *, at: datetime) -> Iterator[bytes]:
        """The lines of the file, in constant memory. Raises SealNotSet before the first one."""
        return self._lines(self.seal(), part, at)

    def _lines(self, seal: Seal, part: Part, at: datetime) -> Iterator[bytes]:
        digest, links = sha256(), 0
        for told in self._parts(seal, part, at):
            links += "link" in told
            line = json_line(told)
            digest.update(line)
            yield line
        end = {"links": links, "sha256": digest.hexdigest()}
        yield json_line({"end": end, "signature": seal.sign(signed_text(end))})

    def _parts(self, seal: Seal, part: Part, at: datetime) -> Iterator[dict[str, Any]]:
        yield {
            "format": FORMAT,
            "exported_at": at.isoformat(),
            "public_key": seal.public_key,
            "since": part.since.isoformat(),
            "until": part.until.isoformat(),
            "user_id": None if part.user_id is None else str(part.user_id),
        }
        with self.chain.as_of_now():
            yield from map(told_document, self.chain.documents())
            yield from (told_link(link) for link in self.chain.links() if part.holds(link))
