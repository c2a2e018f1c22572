"""docs/asvs.md lists every requirement of levels 1 and 2, and names only what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| .+ \| (met|n/a|\*\*not met\*\*) \| (.+) \|$", re.MULTILINE)
ROWS = ROW.findall(TEXT)


def test_every_requirement_is_listed_once() -> None:
    numbers = [number for number, _status, _shown in ROWS]

    assert len(numbers) == len(set(numbers)) == 253


def test_the_sum_at_the_top_is_the_sum_of_the_rows() -> None:
    statuses = [status.strip("*") for _number, status, _shown in ROWS]
    told = (
        f"{statuses.count('met')} met, {statuses.count('not met')} not met, {statuses.count('n/a')} not app"
    )

    assert told in TEXT


def test_every_file_that_shows_something_exists() -> None:
    named = {
        path for path in re.findall(r"`([a-z]+/[\w./*-]+)`", TEXT) if not path.startswith("application/")
    }

    assert len(named) > 40
    assert [path for path in sorted(named) if not list(ROOT.glob(path.rstrip("/")))] == []


def test_whatever_is_met_says_how() -> None:
    assert [
        number for number, status, shown in ROWS if status == "met" and len(shown) < 5 and shown != "Lax"
    ] == []
