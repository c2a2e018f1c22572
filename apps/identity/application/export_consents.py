"""Everything that proves the consents in one signed file, that needs no database to be verified.

A line is a JSON object: a header, the published documents, every link with its content (evidence stays
ciphertext), and an end with the SHA-256 of the octets before it and the practice's signature under that.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from apps.identity.application.consent_ports import ChainDocument, ConsentChain, Seal
from apps.identity.application.ports import AuditLog
from apps.identity.domain.consent_chain import (
    ACT_COLUMNS,
    DESTRUCTION_COLUMNS,
    ChainProblem,
    ChainProof,
    Link,
    LinkKind,
    PublishedHead,
    Verdict,
)
from apps.kernel.application.ports import UnitOfWork
from apps.kernel.domain.actor import Actor

FORMAT = "consents/1"
LONGEST_LINE = 4 * 1024 * 1024
"""Octets; a document's text is far shorter."""
_COLUMNS = {LinkKind.ACT.value: ACT_COLUMNS, LinkKind.DESTRUCTION.value: DESTRUCTION_COLUMNS}


class ExportDamaged(Exception):
    """The file is no whole export, or somebody changed it."""


@dataclass(frozen=True)
class ExportConsents:
    chain: ConsentChain
    seal: Callable[[], Seal]
    audit: AuditLog
    unit_of_work: UnitOfWork

    def __call__(self, *, actor: Actor, at: datetime) -> Iterator[bytes]:
        """The lines of the file, in constant memory; that somebody takes it away is written down first.

        Raises SealNotSet."""
        seal = self.seal()
        with self.unit_of_work():
            self.audit.record(
                actor=actor, action="consents_exported", entity="consent_chain", entity_id="all", at=at
            )
        return self._lines(seal, at)

    def _lines(self, seal: Seal, at: datetime) -> Iterator[bytes]:
        digest = sha256()
        links, seq, head = 0, 0, ""
        for told in self._parts(seal, at):
            link = told.get("link")
            if link is not None:
                links, seq, head = links + 1, link["seq"], link["hash"]
            line = json_line(told)
            digest.update(line)
            yield line
        end = {"links": links, "seq": seq, "head": head, "sha256": digest.hexdigest()}
        yield json_line({"end": end, "signature": seal.sign(signed_text(end))})

    def _parts(self, seal: Seal, at: datetime) -> Iterator[dict[str, Any]]:
        yield {"format": FORMAT, "exported_at": at.isoformat(), "public_key": seal.public_key}
        with self.chain.as_of_now():
            for document in self.chain.documents():
                yield told_document(document)
            for link in self.chain.links():
                yield told_link(link)


@dataclass(frozen=True)
class VerifyExport:
    """``is_signed(public_key, signature, octets)`` checks a signature (base64, base64, what was signed)."""

    is_signed: Callable[[str, str, bytes], bool]

    def __call__(self, lines: Iterable[bytes], *, heads: Iterable[PublishedHead] = ()) -> tuple[str, Verdict]:
        """The public key that the file is signed with, and what its chain proves.

        Raises ExportDamaged where the file is cut, changed, or signed by somebody else than it says."""
        try:
            return self._read(lines, heads)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ExportDamaged("a line is not what an export has") from error

    def _read(self, lines: Iterable[bytes], heads: Iterable[PublishedHead]) -> tuple[str, Verdict]:
        told = iter(lines)
        first = next(told, b"")
        header = json.loads(first)
        if header["format"] != FORMAT:
            raise ExportDamaged("not a format that is known here")
        digest = sha256(first)
        documents: dict[str, str] = {}
        proof = ChainProof(documents=documents, heads=heads)
        for line in told:
            each = json.loads(line)
            if "end" in each:
                self._check_end(each, header["public_key"], digest.hexdigest(), proof)
                if next(told, None) is not None:
                    raise ExportDamaged("something stands behind the end")
                return header["public_key"], proof.finish()
            digest.update(line)
            if "document" in each:
                document = each["document"]
                documents[document["id"]] = document["sha256"]
                if sha256(document["text"].encode()).hexdigest() != document["sha256"]:
                    proof.found(ChainProblem.DOCUMENT_CHANGED, None)
            else:
                proof.take(_link(each))
        raise ExportDamaged("the end is missing")

    def _check_end(self, each: Mapping[str, Any], public_key: str, digest: str, proof: ChainProof) -> None:
        end = each["end"]
        if not self.is_signed(public_key, each["signature"], signed_text(end)):
            raise ExportDamaged("the signature does not fit")
        if end["sha256"] != digest:
            raise ExportDamaged("what was signed is something else")
        if (end["links"], end["seq"]) != (proof.links, proof.seq):
            raise ExportDamaged("links are missing")


def told_document(document: ChainDocument) -> dict[str, Any]:
    return {
        "document": {
            "id": document.id,
            "purpose": document.purpose,
            "version": document.version,
            "title": document.title,
            "text": document.text,
            "sha256": document.sha256,
            "legal": dict(document.legal),
            "effective_from": document.effective_from.isoformat(),
        }
    }


def json_line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def signed_text(end: Mapping[str, Any]) -> bytes:
    return json.dumps(end, sort_keys=True, separators=(",", ":")).encode()


def told_link(link: Link) -> dict[str, Any]:
    content = None if link.content is None else dict(zip(_COLUMNS[link.kind], link.content, strict=True))
    return {
        "link": {
            "seq": link.seq,
            "kind": link.kind,
            "subject": link.subject,
            "content_hash": link.content_hash,
            "previous_hash": link.previous_hash,
            "hash": link.hash,
            "chained_at": link.chained_at,
        },
        "content": content,
    }


def _link(told: Mapping[str, Any]) -> Link:
    link, content = told["link"], told["content"]
    columns = _COLUMNS[link["kind"]]
    return Link(
        seq=link["seq"],
        kind=link["kind"],
        subject=link["subject"],
        content_hash=link["content_hash"],
        previous_hash=link["previous_hash"],
        hash=link["hash"],
        chained_at=link["chained_at"],
        content=None if content is None else [content[name] for name in columns],
    )
