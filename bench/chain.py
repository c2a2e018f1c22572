"""How fast the chain of consents is proved, beside plain SHA-256 over as many bytes in as many pieces."""

import os
from hashlib import sha256
from time import perf_counter

from django.db import connection, transaction

from apps.identity import wiring
from bench.data import Practice
from bench.report import Report

BATCH = 50_000
# Acts as the application writes them, but many at once; the database chains them itself, as always.
_ACTS = """
INSERT INTO identity_consent
    (uuid, user_id, document_id, purpose, version, sha256, status, at, channel, evidence)
SELECT gen_random_uuid(), act.user_id, act.document_id, act.purpose, act.version, act.sha256,
    CASE WHEN number %% 2 = 0 THEN 'granted' ELSE 'withdrawn' END,
    act.at + number * interval '1 second', act.channel, act.evidence
FROM (SELECT * FROM identity_consent ORDER BY id LIMIT 1) AS act, generate_series(%s, %s) AS number
"""


def chain(_practice: Practice, report: Report) -> None:
    """A million acts (``CHAIN_CONSENTS`` for another number), chained by the database and proved from it."""
    wanted = int(os.environ.get("CHAIN_CONSENTS", "1000000"))
    began = perf_counter()
    for first in range(1, wanted + 1, BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ACTS, [first, min(first + BATCH - 1, wanted)])
    report.add(f"{wanted:,} acts of consent written and chained", wanted / (perf_counter() - began), "/s")

    began = perf_counter()
    verdict = wiring.verify_consents()(heads=[])
    took = perf_counter() - began
    if not verdict.holds or verdict.links < wanted:
        raise RuntimeError("the chain does not hold: nothing was measured")
    report.add(f"{verdict.links:,} consents verified out of the database", verdict.links / took, "/s")
    report.add("  seconds in all", took, "s")

    pieces = 2 * verdict.links  # a content and a link each
    piece = b"x" * (verdict.octets // pieces)
    began = perf_counter()
    for _ in range(pieces):
        sha256(piece).hexdigest()
    plain = perf_counter() - began
    report.add(f"  SHA-256 over the same {verdict.octets / 2**20:,.0f} MiB in {pieces:,} pieces", plain, "s")
    report.add("  ours / plain SHA-256", took / plain, "×")
