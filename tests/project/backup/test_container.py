"""The file of a backup opens with its key, whole, or not at all."""

import io
import resource
from datetime import UTC, datetime

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.backup.container import identities_in, recipients_of, seal, unseal
from project.backup.errors import BackupError
from project.backup.manifest import Manifest
from tests.counts import examples, property_settings

IDENTITY = pyrage.x25519.Identity.generate()
MANIFEST = Manifest(
    made_at=datetime(2026, 11, 22, 1, 20, tzinfo=UTC),
    server_version=18,
    migrations={"booking": "0003_offers"},
    tables={"public.booking_appointment": 7},
    append_only=["identity_consent"],
)


def sealed(dump, manifest=MANIFEST, key=IDENTITY) -> bytes:
    target = io.BytesIO()
    seal(
        manifest=manifest,
        stream=dump if hasattr(dump, "read") else io.BytesIO(dump),
        ended=lambda: None,
        target=target,
        recipients=recipients_of([str(key.to_public())]),
    )
    return target.getvalue()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Where the tests put what they try to open."""
    return tmp_path_factory.mktemp("backups") / "backup.age"


def opened(file, content: bytes, *keys) -> bytes:
    file.write_bytes(content)
    sink = io.BytesIO()
    assert unseal(file, identities=keys or [IDENTITY], sink=sink) == MANIFEST
    return sink.getvalue()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 8192, 200_001])
def test_what_was_sealed_comes_out_again(file, size):
    dump = bytes(number % 251 for number in range(size))

    assert opened(file, sealed(dump)) == dump


def test_every_one_of_several_keys_opens_it(file):
    other = pyrage.x25519.Identity.generate()
    target = io.BytesIO()
    seal(
        manifest=MANIFEST,
        stream=io.BytesIO(b"dump"),
        ended=lambda: None,
        target=target,
        recipients=recipients_of([str(IDENTITY.to_public()), str(other.to_public())]),
    )

    assert opened(file, target.getvalue()) == opened(file, target.getvalue(), other) == b"dump"


def test_nothing_of_it_is_readable_without_the_key(file):
    content = sealed(b"Irina Sekretova, panic attacks")

    assert b"Irina" not in content
    assert b"booking_appointment" not in content, "not even what tables there are"


CONTENT = sealed(b"the dump of a practice " * 9_000)


@given(position=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
@property_settings(examples(60, 2_000))
def test_a_damaged_file_is_refused_wherever_the_damage_is(file, position, bit):
    damaged = bytearray(CONTENT)
    damaged[position] ^= 1 << bit
    file.write_bytes(damaged)

    with pytest.raises(BackupError, match=r"damaged|is no backup|made for another"):
        unseal(file, identities=[IDENTITY])


@given(length=st.integers(0, len(CONTENT) - 1))
@property_settings(examples(60, 2_000))
def test_a_file_that_is_cut_off_is_refused_wherever_it_ends(file, length):
    file.write_bytes(CONTENT[:length])

    with pytest.raises(BackupError, match=r"damaged or cut off|beginning is damaged|made for another"):
        unseal(file, identities=[IDENTITY])


def test_a_wrong_key_is_told_apart_from_damage(file):
    file.write_bytes(CONTENT)

    with pytest.raises(BackupError, match="made for another one"):
        unseal(file, identities=[pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"PGDMP plain dump", "is no backup", id="a plain dump"),
        pytest.param(b"", "is no backup", id="an empty file"),
    ],
)
def test_what_is_no_backup_is_refused(file, content, sentence):
    file.write_bytes(content)

    with pytest.raises(BackupError, match=sentence):
        unseal(file, identities=[IDENTITY])


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        pytest.param(b"a letter to a friend", "not whole", id="no line"),
        pytest.param(b"a letter\nto a friend", "holds no backup", id="no manifest"),
        pytest.param(b"[1]\n", "holds no backup", id="another kind of JSON"),
        pytest.param(b'{"format": "emotional-balance backup 9"}\n', "another format", id="a later format"),
        pytest.param(b"x" * (5 * 2**20), "holds no backup", id="an endless line"),
    ],
)
def test_a_file_of_somebody_elses_for_the_same_key_is_refused(file, inside, sentence):
    file.write_bytes(pyrage.encrypt(inside, [IDENTITY.to_public()]))

    with pytest.raises(BackupError, match=sentence):
        unseal(file, identities=[IDENTITY])


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BackupError, match="There is no file"):
        unseal(tmp_path / "nothing.age", identities=[IDENTITY])


def test_a_dump_that_broke_off_makes_no_backup():
    def broken() -> None:
        raise BackupError("PostgreSQL's program failed. pg_dump: error: out of disk")

    with pytest.raises(BackupError, match="out of disk"):
        seal(
            manifest=MANIFEST,
            stream=io.BytesIO(b"half"),
            ended=broken,
            target=io.BytesIO(),
            recipients=[IDENTITY.to_public()],
        )


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        pytest.param([], "BACKUP_RECIPIENTS is not set", id="none"),
        pytest.param(["age1nonsense"], "key 1 is no public key", id="nonsense"),
        pytest.param([str(IDENTITY)], "key 1 is no public key", id="the private key by mistake"),
    ],
)
def test_keys_that_nobody_could_open_with_are_refused(keys, sentence):
    with pytest.raises(BackupError, match=sentence) as refusal:
        recipients_of(keys)
    assert "AGE-SECRET" not in str(refusal.value)


@pytest.mark.parametrize("text", ["", "# a remark only", "AGE-SECRET-KEY-1NONSENSE", "age1abc"])
def test_a_key_file_without_a_key_is_refused(text):
    with pytest.raises(BackupError, match="holds no private key"):
        identities_in(text)


class Zeros:
    """A stream of zeros that counts how much of it was asked for at once."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.most = 0

    def read(self, size: int) -> bytes:
        self.most = max(self.most, size)
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


class Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)


def test_memory_does_not_grow_with_the_database(file):
    zeros = Zeros(96 * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with file.open("wb") as target:
        seal(
            manifest=MANIFEST,
            stream=zeros,
            ended=lambda: None,
            target=target,
            recipients=[IDENTITY.to_public()],
        )
    unseal(file, identities=[IDENTITY], sink=Nowhere())

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 24 * 1024, "KB"
    assert zeros.most <= 64 * 1024
    file.unlink()
