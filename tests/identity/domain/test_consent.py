"""Documents of consents prove their text."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from apps.identity.domain.consent import ConsentDocument, ConsentDocumentInvalid

VALID = {
    "purpose": "personal_data",
    "version": "1.0",
    "title": "Согласие",
    "text": "Текст",
    "legal": {"operator": "ИП"},
    "effective_from": datetime(2026, 9, 1, tzinfo=UTC),
}


def test_the_hash_is_that_of_the_text() -> None:
    document = ConsentDocument.publish(**{**VALID, "text": "  Текст\n\n"})
    assert document.text == "Текст\n"
    assert document.sha256 == sha256("Текст\n".encode()).hexdigest()


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "everything"},
        {"version": " "},
        {"title": ""},
        {"text": " \n"},
        {"effective_from": datetime(2026, 9, 1)},  # noqa: DTZ001  # naive on purpose
    ],
)
def test_a_document_without_an_essential_part_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConsentDocumentInvalid):
        ConsentDocument.publish(**{**VALID, **wrong})
