"""The audit of consents in the workspace: who sees it, documents and drafts, one person."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity import facade
from apps.identity.models import Consent, ConsentDocument, ConsentDraft
from apps.identity.presentation.admin.consent_drafts import ConsentDraftAdmin
from apps.kernel.infrastructure.encryption import person_keys
from tests.identity.consent_pages import (
    CHAIN,
    DOCUMENTS,
    DRAFTS,
    LIST,
    draft,
    page_of,
    send,
    text_of,
    typed,
)
from tests.identity.consents import LEGAL, decline, grant, publish, withdraw
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Browser:
    return browser_of(person("owner"))


@pytest.fixture(autouse=True)
def _published_heads(settings, tmp_path: Path) -> None:
    settings.CONSENT_HEAD_FILE = str(tmp_path / "heads.jsonl")


class TestWhoSeesWhat:
    @pytest.fixture
    def pages(self) -> list[str]:
        publish("personal_data")
        someone = person()
        grant(someone.pk, "personal_data")
        row = draft()
        published = ConsentDocument.objects.get()
        return [
            LIST,
            f"{LIST}?tab=again",
            DOCUMENTS,
            f"{DOCUMENTS}{published.pk}/change/",
            DRAFTS,
            f"{DRAFTS}{row.pk}/change/",
            CHAIN,
            page_of(someone.pk),
        ]

    @pytest.mark.parametrize(("role", "status"), [("owner", 200), ("assistant", 200), ("editor", 403)])
    def test_owner_and_assistant_look_and_an_editor_does_not(self, pages, role, status):
        browser = browser_of(person(role))
        assert {url: browser.get(url).status_code for url in pages} == dict.fromkeys(pages, status)

    def test_an_assistant_neither_writes_nor_publishes_nor_exports(self):
        row = draft()
        browser = browser_of(person("assistant"))
        commands = [
            reverse("admin:identity_consentdocument_new_draft"),
            reverse("admin:identity_consentdraft_publish", args=[row.pk]),
            reverse("admin:identity_consentdraft_discard", args=[row.pk]),
            reverse("admin:identity_consentchaincheck_check_now"),
            reverse("admin:identity_consent_export"),
        ]
        assert [send(browser, url).status_code for url in commands] == [403] * 5
        browser.post(f"{DRAFTS}{row.pk}/change/", typed(row, title="Чужое"))
        assert ConsentDraft.objects.get().title == "Новое"


class TestDocuments:
    def test_a_new_draft_starts_from_the_text_in_force(self, owner):
        publish("personal_data")
        response = send(
            owner,
            reverse("admin:identity_consentdocument_new_draft"),
            purpose="personal_data",
            version="2.0",
        )
        row = ConsentDraft.objects.get()
        assert response.status_code == 302
        assert response.url == f"{DRAFTS}{row.pk}/change/"
        assert (row.text, row.legal) == ("Текст personal_data 1.0\n", LEGAL)

    def test_a_version_that_is_published_cannot_be_drafted_again(self, owner):
        publish("personal_data")
        send(
            owner,
            reverse("admin:identity_consentdocument_new_draft"),
            purpose="personal_data",
            version="1.0",
        )
        assert not ConsentDraft.objects.exists()

    def test_a_draft_is_written_in_a_form(self, owner):
        row = draft()
        response = owner.post(
            f"{DRAFTS}{row.pk}/change/", typed(row, text="Совсем другой", legal_aim="Запись")
        )
        assert response.status_code == 302
        row.refresh_from_db()
        assert (row.text, row.legal["aim"]) == ("Совсем другой", "Запись")
        assert AuditRecord.objects.filter(action="consent_draft_changed").count() == 1

    def test_a_draft_cannot_take_the_version_of_a_published_document(self, owner):
        publish("personal_data")
        row = draft()
        assert owner.post(f"{DRAFTS}{row.pk}/change/", typed(row, version="1.0")).status_code == 200
        assert ConsentDraft.objects.get().version == "2.0"

    def test_publishing_shows_what_changes_and_how_many_are_asked_again(self, owner):
        publish("personal_data")
        for _ in range(2):
            grant(person().pk, "personal_data")
        row = draft()
        shown = text_of(owner, reverse("admin:identity_consentdraft_publish", args=[row.pk]))
        assert "<del>Текст personal_data 1.0</del>" in shown
        assert "<ins>Новый текст</ins>" in shown
        assert "2 человека" in shown

    def test_publishing_makes_a_document_that_asks_people_again(self, owner):
        publish("personal_data")
        someone = person()
        grant(someone.pk, "personal_data")
        row = draft()
        response = send(owner, reverse("admin:identity_consentdraft_publish", args=[row.pk]))
        assert response.status_code == 302
        assert not ConsentDraft.objects.exists()
        published = ConsentDocument.objects.get(version="2.0")
        assert published.sha256 == sha256("Новый текст\n".encode()).hexdigest()
        missing = facade.missing_consent(user_id=someone.pk, purpose="personal_data", at=timezone.now())
        assert missing is not None
        assert missing.version == "2.0"
        assert str(someone) in text_of(owner, LIST, tab="again")

    def test_a_draft_without_the_particulars_of_the_law_is_not_published(self, owner):
        row = draft(legal={**LEGAL, "term_and_withdrawal": ""})
        response = send(owner, reverse("admin:identity_consentdraft_publish", args=[row.pk]))
        assert response.status_code == 200
        assert not ConsentDocument.objects.exists()

    def test_publishing_asks_for_a_fresh_second_factor(self):
        assert ConsentDraftAdmin.publish.step_up

    def test_a_draft_is_deleted(self, owner):
        send(owner, reverse("admin:identity_consentdraft_discard", args=[draft().pk]))
        assert not ConsentDraft.objects.exists()

    def test_a_document_tells_how_people_stand_to_it(self, owner):
        publish("personal_data")
        grant(person().pk, "personal_data")
        decline(person().pk, "personal_data")
        gone = person()
        grant(gone.pk, "personal_data")
        withdraw(gone.pk)
        shown = text_of(owner, f"{DOCUMENTS}{ConsentDocument.objects.get().pk}/change/")
        assert "дано: 1; отказ: 1; отозвано: 1" in shown
        assert ConsentDocument.objects.get().sha256 in shown


class TestOnePerson:
    def test_choosing_an_act_shows_the_very_text(self, owner):
        someone = person()
        publish("personal_data", since=timedelta(days=2))
        grant(someone.pk, "personal_data")
        publish("personal_data", version="2.0")
        grant(someone.pk, "personal_data", version="2.0")
        first = Consent.objects.order_by("id").first()
        shown = text_of(owner, page_of(someone.pk), act=str(first.pk))
        assert "Текст personal_data 1.0" in shown
        assert "Текст personal_data 2.0" not in shown
        assert "Текст personal_data 2.0" in text_of(owner, page_of(someone.pk))

    def test_every_purpose_tells_how_it_stands(self, owner):
        someone = person()
        publish(since=timedelta(days=2))
        grant(someone.pk, "personal_data", "communications", "telegram")
        withdraw(someone.pk, "communications")
        decline(someone.pk, "health_data")
        publish("telegram", version="2.0")
        cards = owner.get(page_of(someone.pk)).context["cards"]
        told = {card["purpose"]: card["chip"].rpartition("</span>")[0].rpartition(">")[2] for card in cards}
        assert told == {
            "персональные данные": "действует",
            "сообщения и рассылки": "отозвано",
            "Telegram": "прежняя версия",
            "публикация отзыва": "не спрашивали",
            "данные о здоровье": "отказ",
            "трансграничная передача": "не спрашивали",
        }

    def test_what_proves_an_act_of_an_erased_person_went_with_their_key(self, owner):
        someone = person()
        publish("personal_data")
        grant(someone.pk, "personal_data")
        person_keys().destroy(someone.pk, at=timezone.now())
        shown = text_of(owner, page_of(someone.pk))
        assert "192.0.2.1" not in shown
        assert "уничтожено вместе с ключом" in shown
        assert "Текст personal_data 1.0" in shown
        act = Consent.objects.get()
        assert "уничтожено вместе с ключом" in text_of(owner, f"{LIST}{act.pk}/change/")

    def test_nobody_of_that_number_is_not_found(self, owner):
        assert owner.get(page_of("00000000-0000-0000-0000-000000000000")).status_code == 404

    def test_the_page_of_a_client_and_the_palette_lead_there(self, owner):
        someone = person(display_name="Зоя Единственная")
        assert page_of(someone.pk) in text_of(owner, f"/admin/identity/client/{someone.pk}/change/")
        assert page_of(someone.pk) in text_of(owner, "/admin/search/", s="Зоя Един")
