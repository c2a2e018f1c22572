"""Pages of the audit of consents as staff use them."""

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.identity.application.consent_drafts import LEGAL_FIELDS
from apps.identity.models import ConsentDraft
from tests.identity.consents import LEGAL

LIST = "/admin/identity/consent/"
DOCUMENTS = "/admin/identity/consentdocument/"
DRAFTS = "/admin/identity/consentdraft/"
CHAIN = "/admin/identity/consentchaincheck/"


def page_of(user_id: object) -> str:
    return reverse("admin:identity_consent_person", args=[user_id])


def text_of(browser: Browser, url: str, **query: str) -> str:
    response = browser.get(url, query)
    assert response.status_code == 200, url
    return response.content.decode()


def send(browser: Browser, url: str, **answers: str):
    return browser.post(url, {"_form_submitted": "True", **answers})


def draft(version: str = "2.0", purpose: str = "personal_data", **fields: object) -> ConsentDraft:
    values = {"title": "Новое", "text": "Новый текст", "legal": LEGAL, "changed_at": timezone.now()}
    return ConsentDraft.objects.create(purpose=purpose, version=version, **{**values, **fields})


def typed(row: ConsentDraft, **changes: str) -> dict[str, str]:
    sent = {"version": row.version, "title": row.title, "text": row.text}
    sent |= {"effective_from_0": "", "effective_from_1": ""}
    return sent | {f"legal_{name}": row.legal.get(name, "") for name in LEGAL_FIELDS} | changes


def statements(browser: Browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)
