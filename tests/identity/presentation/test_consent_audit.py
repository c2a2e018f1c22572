"""The audit of consents in the workspace: the list, statements, the chain, exports."""

import json
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from apps.audit.models import AuditRecord
from apps.identity import facade, wiring
from apps.identity.domain.consent_chain import ACT_COLUMNS, content_text
from apps.identity.infrastructure.consent_seal import is_signed
from apps.identity.models import ConsentChainCheck
from tests.identity.consent_pages import (
    CHAIN,
    DOCUMENTS,
    LIST,
    page_of,
    send,
    statements,
    text_of,
)
from tests.identity.consents import chain_now, grant, publish, withdraw
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Browser:
    return browser_of(person("owner"))


@pytest.fixture(autouse=True)
def _published_heads(settings, tmp_path: Path) -> None:
    settings.CONSENT_HEAD_FILE = str(tmp_path / "heads.jsonl")


class TestTheList:
    def test_is_filtered_by_channel(self, owner):
        publish("personal_data")
        grant(person(display_name="Через сайт").pk, "personal_data")
        facade.grant_consents(
            user_id=person(display_name="На бумаге").pk,
            grants=[("personal_data", "1.0")],
            channel="paper",
            evidence={"ground": "подпись", "recorded_by": "Орлова"},
            at=timezone.now(),
        )
        shown = text_of(owner, LIST, channel="paper")
        assert "На бумаге" in shown
        assert "Через сайт" not in shown

    @pytest.mark.parametrize("term", ["zoya@example.ru", "+7 (900) 111-22-33", "Зоя"])
    def test_finds_a_whole_contact_or_a_part_of_a_name(self, owner, term):
        publish("personal_data")
        grant(
            person(display_name="Зоя Петрова", email="zoya@example.ru", phone="+79001112233").pk,
            "personal_data",
        )
        grant(person(display_name="Другой").pk, "personal_data")
        shown = text_of(owner, LIST, q=term)
        assert "Зоя Петрова" in shown
        assert "Другой" not in shown

    def test_asks_again_only_those_whose_latest_act_agrees_to_an_older_text(self, owner):
        publish("personal_data", since=timedelta(days=2))
        older, newer, withdrawn = (person(display_name=name) for name in ("Старая", "Новая", "Ушедшая"))
        for each in (older, newer, withdrawn):
            grant(each.pk, "personal_data")
        publish("personal_data", version="2.0")
        grant(newer.pk, "personal_data", version="2.0")
        withdraw(withdrawn.pk)
        shown = text_of(owner, LIST, tab="again")
        assert "Старая" in shown
        assert "Новая" not in shown
        assert "Ушедшая" not in shown


class TestHowManyStatements:
    @pytest.mark.parametrize("url", [LIST, f"{LIST}?tab=again", DOCUMENTS], ids=["all", "again", "documents"])
    def test_a_list_of_a_page_takes_as_many_as_a_list_of_one(self, owner, url):
        publish("personal_data", since=timedelta(days=2))
        grant(person().pk, "personal_data")
        publish("personal_data", version="2.0")
        one = statements(owner, url)
        for _ in range(24):
            grant(person().pk, "personal_data", version="2.0")
        for number in range(20):
            publish("communications", version=f"{number}", since=timedelta(days=number + 1))
        assert statements(owner, url) <= one + 1

    def test_a_person_of_a_hundred_acts_takes_as_many_as_one_of_one(self, owner):
        publish("personal_data")
        someone = person()
        grant(someone.pk, "personal_data")
        one = statements(owner, page_of(someone.pk))
        for _ in range(49):
            withdraw(someone.pk)
            grant(someone.pk, "personal_data")
        assert statements(owner, page_of(someone.pk)) == one


class TestTheChain:
    def test_a_check_at_once_is_kept_and_written_down(self, owner):
        publish("personal_data")
        grant(person().pk, "personal_data")
        chain_now()
        assert send(owner, reverse("admin:identity_consentchaincheck_check_now")).status_code == 302
        assert ConsentChainCheck.objects.get().problem == ""
        assert AuditRecord.objects.filter(action="consent_chain_checked").count() == 1
        assert "держится" in text_of(owner, CHAIN)

    def test_a_problem_is_told_in_words_with_its_link_and_needs_attention(self, owner):
        ConsentChainCheck.objects.create(
            at=timezone.now(), links=9, seq=9, head="0" * 64, problem="content_changed", problem_seq=7
        )
        shown = text_of(owner, CHAIN)
        assert "Действие изменено после записи." in shown
        assert "Звено № 7." in shown
        assert CHAIN in text_of(owner, "/admin/kernel/jobfailure/")

    def test_unreadable_heads_are_a_refusal_and_no_error(self, owner, settings, tmp_path):
        (tmp_path / "heads.jsonl").write_text("это не список\n")
        response = send(owner, reverse("admin:identity_consentchaincheck_check_now"))
        assert response.status_code == 200
        assert not ConsentChainCheck.objects.exists()
        assert owner.get(CHAIN).status_code == 200


class TestExports:
    @pytest.fixture
    def acts(self) -> tuple[str, str]:
        publish("personal_data")
        names = ("=Зоя", "Другой")
        ids = []
        for name in names:
            someone = person(display_name=name)
            grant(someone.pk, "personal_data")
            ids.append(str(someone.pk))
        chain_now()
        return ids[0], ids[1]

    def export(self, browser: Browser, file_format: str, who: str = "") -> bytes:
        day = timezone.localdate().isoformat()
        response = send(
            browser,
            reverse("admin:identity_consent_export"),
            file_format=file_format,
            since=day,
            until=day,
            person=who,
        )
        assert response.status_code == 302
        file = browser.get(response.url)
        assert file.status_code == 200
        return b"".join(file.streaming_content) if file.streaming else file.content

    def test_a_table_holds_the_acts_with_their_hashes_and_no_formula(self, owner, acts):
        sheet = load_workbook(BytesIO(self.export(owner, "xlsx"))).active
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert [row[2] for row in rows] == ["'=Зоя", "Другой"]
        assert [row[0] for row in rows] == [1, 2]
        assert rows[1][11] == rows[0][10]
        assert AuditRecord.objects.filter(action="consents_exported").count() == 1

    def test_a_signed_file_proves_every_act_it_holds(self, owner, acts):
        lines = self.export(owner, "json", acts[0]).splitlines(keepends=True)
        header, *told, end = map(json.loads, lines)
        links = [each for each in told if "link" in each]
        assert [each["content"]["user_id"] for each in links] == [acts[0]]
        content = [links[0]["content"][name] for name in ACT_COLUMNS]
        assert sha256(content_text("act", content)).hexdigest() == links[0]["link"]["content_hash"]
        assert end["end"]["sha256"] == sha256(b"".join(lines[:-1])).hexdigest()
        signed = json.dumps(end["end"], sort_keys=True, separators=(",", ":")).encode()
        assert is_signed(header["public_key"], end["signature"], signed)
        assert b"192.0.2.1" not in b"".join(lines)

    def test_the_whole_chain_is_what_the_command_proves(self, owner, acts):
        lines = self.export(owner, "whole").splitlines(keepends=True)
        _key, verdict = wiring.verify_export()(lines)
        assert verdict.holds
        assert verdict.links == 2

    def test_a_table_takes_as_many_statements_for_many_acts(self, owner, acts):
        with CaptureQueriesContext(connection) as few:
            self.export(owner, "xlsx")
        for _ in range(20):
            grant(person().pk, "personal_data")
        chain_now()
        with CaptureQueriesContext(connection) as many:
            self.export(owner, "xlsx")
        assert len(many) == len(few)

    def test_a_file_is_for_whom_it_was_made_and_for_those_who_may(self, owner, acts):
        day = timezone.localdate().isoformat()
        response = send(
            owner, reverse("admin:identity_consent_export"), file_format="xlsx", since=day, until=day
        )
        assert browser_of(person("owner")).get(response.url).status_code == 403
        assert browser_of(person("assistant")).get(response.url).status_code == 403
