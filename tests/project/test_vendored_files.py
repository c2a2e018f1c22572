"""What others wrote and we serve is exactly what they published, with their licence beside it."""

from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
VENDOR = ROOT / "static" / "vendor"
FONTS = ROOT / "apps" / "client_cabinet" / "infrastructure" / "fonts"
FOLDERS = sorted(path for place in (VENDOR, FONTS) for path in place.iterdir() if path.is_dir())
LICENCES = {"dejavu_sans": "Bitstream", "pt_sans": "SIL OPEN FONT LICENSE"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_file_has_the_checksum_of_its_release(folder):
    listed = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    present = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    assert present == set(listed)
    for name, checksum in listed.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == checksum, name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_has_its_licence(folder):
    assert LICENCES.get(folder.name, "MIT") in (folder / "LICENSE.md").read_text()


def test_the_calendar_is_there():
    assert "v6.1.21" in (VENDOR / "fullcalendar" / "index.global.min.js").read_text()[:200]
