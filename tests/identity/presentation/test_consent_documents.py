"""The consents that people are asked for, over the API; and the texts that come with the product."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from apps.identity import facade
from apps.identity.domain.consent import Purpose
from apps.kernel.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

URL = "/api/v1/consents/documents/"
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "consents"
LEGAL = {"subject", "operator", "aim", "data", "processors", "actions", "term_and_withdrawal", "signature"}


def publish(purpose: str, version: str, days_ago: int) -> None:
    now = timezone.now()
    facade.publish_consent_document(
        purpose=purpose,
        version=version,
        title=f"{purpose} {version}",
        text="Текст",
        legal={},
        effective_from=now - timedelta(days=days_ago),
        actor=SYSTEM,
        at=now,
    )


def test_everybody_reads_the_version_in_force_of_every_purpose() -> None:
    publish("personal_data", "1", 10)
    publish("personal_data", "2", 5)
    publish("personal_data", "3", -5)
    publish("communications", "1", 1)
    with CaptureQueriesContext(connection) as queries:
        response = APIClient().get(URL)
    assert response.status_code == 200
    body = response.json()
    assert (body["next"], body["previous"]) == (None, None)
    assert [(each["purpose"], each["version"]) for each in body["results"]] == [
        ("communications", "1"),
        ("personal_data", "2"),
    ]
    assert body["results"][1] == {
        "purpose": "personal_data",
        "version": "2",
        "title": "personal_data 2",
        "text": "Текст\n",
        "sha256": sha256("Текст\n".encode()).hexdigest(),
    }
    assert len(queries) == 1


def test_an_unchanged_list_is_not_sent_twice() -> None:
    publish("personal_data", "1", 1)
    etag = APIClient().get(URL)["ETag"]
    assert APIClient().get(URL, headers={"If-None-Match": etag}).status_code == 304


def test_the_product_brings_a_text_for_every_purpose() -> None:
    documents = json.loads((FIXTURES / "documents.json").read_text(encoding="utf-8"))
    assert {each["purpose"] for each in documents} == {purpose.value for purpose in Purpose}
    for each in documents:
        text = (FIXTURES / each["file"]).read_text(encoding="utf-8")
        assert len(text) > 500
        assert "отозвать" in text
        assert set(each["legal"]) == LEGAL
        assert all(each["legal"].values())
