"""The README tells the truth about settings and commands, and no document links to nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def variables_in_use() -> set[str]:
    settings = "".join(path.read_text() for path in (ROOT / "project" / "settings").glob("*.py"))
    runner = (ROOT / "project" / "run.py").read_text()
    found = {
        *re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings),
        *re.findall(r'environ\.get\("([A-Z_]+)"', runner),
        *re.findall(r"\$\{([A-Z_]+):-", (ROOT / "Procfile").read_text()),
    }
    return found - {"PATH"}


def test_every_variable_is_in_the_table_and_nothing_else():
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]

    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == variables_in_use()


def test_every_command_it_names_exists():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for line in re.findall(r"make ([a-z0-9 -]+)", README) for word in line.split()[:1]}
    listed = re.search(r"lists the rest: ([^.]*)\.", README)

    assert named | set(re.findall(r"`([a-z0-9-]+)`", listed[1])) <= targets


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_every_document_that_a_page_links_exists(page):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []
