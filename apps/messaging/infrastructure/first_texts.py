"""The texts that the product comes with: a file for each kind and language, the subject on its first line."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def first_texts() -> Iterator[tuple[str, str, str, str]]:
    """(kind, language, subject, body) of every file in ``fixtures/messages/<language>/<kind>.md``."""
    for path in sorted(Path(settings.BASE_DIR, "fixtures", "messages").glob("*/*.md")):
        subject, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
        yield path.stem, path.parent.name, subject.strip(), body.strip()
