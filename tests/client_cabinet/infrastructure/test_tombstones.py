"""The file of tombstones: appended to, never lost, never misread."""

import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.client_cabinet.application.erasure_ports import TombstonesUnreadable
from apps.client_cabinet.domain.erasure import Scope, Tombstone
from apps.client_cabinet.infrastructure.tombstones import JsonLinesTombstones
from apps.kernel.application.ports import TemporaryFailure

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(settings, tmp_path):
    settings.TOMBSTONES_FILE = str(tmp_path / "outside" / "tombstones.jsonl")
    return tmp_path / "outside" / "tombstones.jsonl"


def tombstone(scope: Scope = Scope.ACCOUNT, **values) -> Tombstone:
    return Tombstone(
        **{
            "id": uuid4(),
            "person_id": uuid4(),
            "scope": scope,
            "entry_id": uuid4() if scope is Scope.ENTRY else None,
            "erased_at": AT,
            **values,
        }
    )


def test_what_is_appended_is_read_in_order(path):
    stones = [tombstone(scope, erased_at=AT + timedelta(hours=n)) for n, scope in enumerate(Scope)]

    assert JsonLinesTombstones().append(stones[:1]) == 1
    assert JsonLinesTombstones().append(stones) == 2

    assert JsonLinesTombstones().read() == stones


def test_a_file_that_is_not_there_holds_nothing(path):
    assert JsonLinesTombstones().read() == []
    assert JsonLinesTombstones().append([]) == 0
    assert not path.exists()


def test_appending_again_changes_nothing(path):
    stone = tombstone()
    JsonLinesTombstones().append([stone])
    before = path.read_bytes()

    assert JsonLinesTombstones().append([stone]) == 0
    assert path.read_bytes() == before


def test_only_its_owner_may_read_the_file_and_it_holds_ids_alone(path):
    JsonLinesTombstones().append([tombstone()])

    assert path.stat().st_mode & 0o777 == 0o600
    assert b"@" not in path.read_bytes()


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_half_a_line_left_by_a_crash_is_left_out_and_written_anew(path, cut):
    first, torn = tombstone(), tombstone()
    JsonLinesTombstones().append([first, torn])
    path.write_bytes(path.read_bytes()[:-cut])

    assert JsonLinesTombstones().read() == [first]
    assert JsonLinesTombstones().append([first, torn]) == 1
    assert JsonLinesTombstones().read() == [first, torn]


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b"{}\n",
        b'{"id": "7"}\n',
        b"[]\n",
        b'{"id": null, "person": null, "scope": null, "entry": null, "erased_at": null}\n',
    ],
    ids=["no json", "empty", "no id", "a list", "nulls"],
)
def test_a_line_that_makes_no_sense_is_never_passed_over(path, line):
    JsonLinesTombstones().append([tombstone()])
    path.write_bytes(line + path.read_bytes())

    with pytest.raises(TombstonesUnreadable):
        JsonLinesTombstones().read()


def test_a_file_that_cannot_be_written_is_a_passing_trouble(settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a directory should be")
    settings.TOMBSTONES_FILE = str(blocked / "tombstones.jsonl")

    with pytest.raises(TemporaryFailure) as trouble:
        JsonLinesTombstones().append([tombstone()])
    assert trouble.value.code == "tombstones_file"


def test_what_is_appended_is_on_the_disk_before_the_call_ends(path, monkeypatch):
    synced = []
    really = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), really(handle))[1])

    JsonLinesTombstones().append([tombstone()])

    assert len(synced) == 2  # the file and its directory
