"""The texts that the product comes with: a file for each kind and language, the subject on its first line."""

from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import uuid4

from django.apps.registry import Apps
from django.conf import settings
from django.utils import timezone


def first_texts(kinds: Collection[str] | None = None) -> Iterator[tuple[str, str, str, str]]:
    """(kind, language, subject, body) of the files ``fixtures/messages/<language>/<kind>.md``: those of
    ``kinds``, or all of them."""
    for path in sorted(Path(settings.BASE_DIR, "fixtures", "messages").glob("*/*.md")):
        if kinds is not None and path.stem not in kinds:
            continue
        subject, _blank, body = path.read_text(encoding="utf-8").partition("\n\n")
        yield path.stem, path.parent.name, subject.strip(), body.strip()


def load_first_texts(apps: Apps, kinds: Collection[str]) -> None:
    """Write the first version of the texts of ``kinds``; for migrations, with their state of the models."""
    now = timezone.now()
    for kind, language, subject, body in first_texts(kinds):
        text = {"number": 1, "subject": subject, "body": body}
        template = apps.get_model("messaging", "MessageTemplate").objects.create(
            id=uuid4(), kind=kind, channel="email", language=language, changed_at=now, **text
        )
        apps.get_model("messaging", "TemplateVersion").objects.create(
            template=template, created_at=now, **text
        )
