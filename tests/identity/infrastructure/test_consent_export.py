"""A signed export proves the chain by itself, and shows whatever was done to it."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity import wiring
from apps.identity.application.consent_ports import SealNotSet
from apps.identity.application.export_consents import ExportDamaged
from apps.identity.domain.consent_chain import ChainProblem, PublishedHead, Verdict
from apps.identity.infrastructure.consent_retention import destroy_old_consents
from apps.identity.infrastructure.consent_seal import Ed25519Seal
from apps.identity.models import Consent, ConsentLink
from apps.kernel.domain.actor import SYSTEM
from tests.identity.consents import PROOF, age_chain, as_superuser, chain_now, rebuild_chain, run, some_acts

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def export() -> list[bytes]:
    return list(wiring.export_consents()(actor=SYSTEM, at=timezone.now()))


def read(lines: list[bytes], *heads: PublishedHead) -> Verdict:
    key, verdict = wiring.verify_export()(lines, heads=heads)
    assert key == wiring.consent_seal().public_key
    return verdict


def test_an_export_proves_what_the_database_proves() -> None:
    some_acts()
    exported, stored = read(export()), wiring.verify_consents()(heads=[])
    assert exported == stored
    assert (exported.holds, exported.links) == (True, 3)


def test_an_export_tells_of_acts_that_have_gone_by_law() -> None:
    some_acts()
    age_chain("4 years")
    destroy_old_consents(timezone.now(), 100)
    chain_now()
    found = read(export())
    assert (found.holds, found.destroyed) == (True, 2)


def test_evidence_leaves_as_ciphertext_only() -> None:
    some_acts()
    whole = b"".join(export()).decode()
    assert Consent.objects.first().evidence == PROOF
    assert PROOF["ip"] not in whole
    assert PROOF["user_agent"] not in whole


def test_whoever_takes_it_away_is_written_down_before_the_first_line() -> None:
    wiring.export_consents()(actor=SYSTEM, at=timezone.now())
    assert AuditRecord.objects.filter(action="consents_exported").count() == 1


def test_a_touched_octet_a_missing_line_another_order_are_told() -> None:
    some_acts()
    lines = export()
    number = next(place for place, line in enumerate(lines) if b'"kind":"act"' in line)
    touched = [
        [*lines[:number], lines[number].replace(b'"granted"', b'"declined"'), *lines[number + 1 :]],
        [*lines[:number], *lines[number + 1 :]],
        [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]],
        lines[:-1],
        [*lines, lines[-1]],
        [*lines[:-1], lines[-1][: len(lines[-1]) // 2]],
        [b"{}\n", *lines[1:]],
        [],
    ]
    for each in touched:
        with pytest.raises(ExportDamaged):
            read(each)


def test_a_file_signed_by_somebody_else_does_not_pass_for_the_practices() -> None:
    some_acts()
    lines = export()
    stranger = Ed25519Seal(b64encode(b"s" * 32).decode())
    foreign = json.loads(lines[0])
    foreign["public_key"] = stranger.public_key
    lines[0] = json.dumps(foreign).encode() + b"\n"
    with pytest.raises(ExportDamaged, match="signature"):
        read(lines)


def test_an_honest_signature_under_a_forged_chain_is_told_by_the_published_head() -> None:
    some_acts()
    before = wiring.verify_consents()(heads=[])
    published = PublishedHead(seq=before.seq, head=before.head, at=timezone.now())
    with as_superuser():
        run("UPDATE identity_consent SET status = 'granted' WHERE status = 'withdrawn'")
        rebuild_chain()
    lines = export()
    assert read(lines).holds
    assert [each.code for each in read(lines, published).problems] == [ChainProblem.HEAD_DIFFERS]


def test_a_forger_without_the_chain_is_found_in_the_export_too() -> None:
    some_acts()
    with as_superuser():
        run("UPDATE identity_consent SET status = 'granted' WHERE status = 'withdrawn'")
    assert [each.code for each in read(export()).problems] == [ChainProblem.CONTENT_CHANGED]


def test_without_a_key_nothing_is_exported(settings) -> None:
    settings.CONSENT_EXPORT_KEY = ""
    with pytest.raises(SealNotSet):
        export()


def test_the_statements_do_not_grow_with_the_chain() -> None:
    some_acts()
    with CaptureQueriesContext(connection) as statements:
        export()
    assert len([each for each in statements if "SAVEPOINT" not in each["sql"]]) == 3


def test_the_command_proves_an_export_without_a_database(tmp_path: Path) -> None:
    some_acts()
    file = tmp_path / "consents.jsonl"
    call_command("export_consents", str(file))
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_consents", str(file))
    head = tmp_path / "heads.jsonl"
    last = ConsentLink.objects.last()
    head.write_text(json.dumps({"seq": last.seq, "head": last.hash, "at": timezone.now().isoformat()}) + "\n")
    nowhere = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": django_settings.SETTINGS_MODULE,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    }
    command = [sys.executable, "manage.py", "verify_consents", "--export", str(file), "--heads", str(head)]
    command += ["--public-key", wiring.consent_seal().public_key]
    answer = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "The chain holds." in answer.stdout
    with pytest.raises(CommandError, match="another key"):
        call_command("verify_consents", export=file, public_key="c29tZWJvZHkgZWxzZQ==")
    file.write_bytes(file.read_bytes().replace(b'"withdrawn"', b'"granted"'))
    with pytest.raises(CommandError, match="Nothing is proved"):
        call_command("verify_consents", export=file)
