"""Catalogues of translations: compiled and checked in plain Python, since bare machines have no gettext."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.utils.translation.template import templatize

CATALOGUES = ("locale/*/LC_MESSAGES/django.po", "*/locale/*/LC_MESSAGES/django.po")
SOURCES = ("apps", "project", "templates")

_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACE = re.compile(r"%\((\w+)\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|%%|\{(\w*)\}")


@dataclass(frozen=True, order=True)
class Text:
    """A translatable text where it is used; ``context`` is gettext's msgctxt."""

    msgid: str
    context: str | None
    place: str


def catalogues(root: Path) -> list[Path]:
    """The ``.po`` files of the project, of ``root`` itself and of each app."""
    found = {path for pattern in CATALOGUES for path in [*root.glob(pattern), *root.glob(f"apps/{pattern}")]}
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def read(path: Path) -> Catalog:
    """The catalogue in ``path``. Raises PoFileError on bad syntax."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def compile_catalogue(path: Path) -> bool:
    """Write the ``.mo`` beside ``path`` unless it is up to date; return whether it was written."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return False
    content = BytesIO()
    write_mo(content, read(path))
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    draft.write_bytes(content.getvalue())
    draft.replace(target)
    return True


def faults(path: Path) -> Iterator[str]:
    """What is wrong with a catalogue: untranslated, fuzzy or missing forms, places that do not match."""
    try:
        catalogue = read(path)
    except PoFileError as error:
        yield f"{path}: {error}"
        return
    for message in catalogue:
        if message.id:
            for fault in _faults_of(message, catalogue.num_plurals):
                yield f"{path}:{message.lineno}: {fault}: {_msgid(message)!r}"


def _faults_of(message: Message, forms: int) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings) or (message.pluralizable and len(strings) != forms):
        yield "not translated"
        return
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    expected = set().union(*(_places(text) for text in ids))
    for string in strings:
        # A form for exactly one may leave the number out: "today" for "%(count)s days".
        missing = set() if message.pluralizable else expected - _places(string)
        if missing or _places(string) - expected:
            yield "the places to fill in differ"
            return


def _places(text: str) -> set[str]:
    return {match[0] for match in _PLACE.finditer(text) if match[0] != "%%"}


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def known_texts(paths: list[Path]) -> set[tuple[str, str | None]]:
    """Every (msgid, context) of the catalogues in ``paths``."""
    return {(_msgid(message), message.context) for path in paths for message in read(path) if message.id}


def used_texts(root: Path) -> list[Text]:
    """Every literal text that code and templates under ``root`` hand to gettext, by file."""
    texts: list[Text] = []
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                place = str(path.relative_to(root))
                texts += [Text(msgid, context, f"{place}:{line}") for line, msgid, context in _extract(path)]
    return texts


def _extract(path: Path) -> Iterator[tuple[int, str, str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "{%" not in source and "{{" not in source:
            return
        # Django turns a template into calls of gettext; the rest is blanked out, yet keeps its indentation.
        source = "\n".join(line.strip() for line in templatize(source).split("\n"))
    for line, msgid, _comments, context in extract("python", BytesIO(source.encode()), _KEYWORDS):
        first = msgid if isinstance(msgid, str) else msgid[0]
        if first:
            yield line, first, context
