"""What a new version of a consent changes, line by line."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from apps.identity.infrastructure.models import ConsentDocument
from apps.identity.presentation.admin.consent_words import LEGAL_NAMES

type Line = tuple[str, str]
"""(``same``, ``added`` or ``removed``; the line)."""


def differences(before: str, after: str) -> list[Line]:
    """Every line of both texts in order; nothing at all when they are equal."""
    old, new = before.strip().splitlines(), after.strip().splitlines()
    return [] if old == new else list(_lines(old, new))


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    for tag, first, last, since, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("same", line) for line in old[first:last])
        else:
            yield from (("removed", line) for line in old[first:last])
            yield from (("added", line) for line in new[since:until])


def legal_differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, list[Line]]]:
    """The particulars that differ, by their names."""
    found = []
    for name, words in LEGAL_NAMES.items():
        lines = differences(before.get(name, ""), after.get(name, ""))
        if lines:
            found.append((str(words), lines))
    return found


def comparison(
    current: ConsentDocument | None, *, title: str, text: str, legal: Mapping[str, str]
) -> dict[str, object]:
    """What the templates show of a version beside the one in force."""
    if current is None:
        return {"current": None, "first": True}
    return {
        "current": current,
        "first": False,
        "title_lines": differences(current.title, title),
        "text_lines": differences(current.text, text),
        "legal_lines": legal_differences(current.legal, legal),
    }
