"""The activity log in the workspace."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit import facade
from apps.audit.models import AuditRecord
from apps.audit.presentation import wording
from apps.identity.models import User
from apps.kernel.domain.actor import SYSTEM, Actor
from apps.kernel.domain.readings import READING
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db

URL = "/admin/audit/auditrecord/"


@pytest.fixture
def owner() -> Browser:
    return browser_of(person("owner"))


def write(action: str = "service_changed", *, user: User | None = None, **extra: object) -> None:
    actor = Actor(user_id=user.pk, role=user.role, ip="192.0.2.1") if user else SYSTEM
    fields = {"entity": "service", "entity_id": "17", "at": timezone.now(), **extra}
    facade.record(actor=actor, action=action, **fields)  # type: ignore[arg-type]  # as the facade takes them


def shown(browser: Browser, **query: str) -> set[str]:
    return {record.action for record in browser.get(URL, query).context["cl"].queryset}


def test_the_owner_sees_everything_in_russian(owner: Browser) -> None:
    write(user=person("assistant", display_name="Мария Белова"), changes={"price": ("4500.00", "5000.00")})
    page = owner.get(URL).content.decode()
    assert "Мария Белова" in page
    assert "изменил(а) услугу" in page
    assert "цена: 4500.00 → 5000.00" in page


def test_an_assistant_sees_their_own_actions_only() -> None:
    assistant = person("assistant")
    browser = browser_of(assistant)
    write("service_changed", user=person("owner"))
    write("intake_read", user=assistant)
    assert shown(browser) == {"staff_signed_in", "intake_read"}
    theirs, others = (AuditRecord.objects.get(action=each) for each in ("intake_read", "service_changed"))
    assert browser.get(f"{URL}{theirs.pk}/change/").status_code == 200
    assert browser.get(f"{URL}{others.pk}/change/").status_code == 302


def test_an_editor_sees_nothing() -> None:
    assert browser_of(person("editor")).get(URL).status_code == 403


def test_nothing_can_be_added_changed_or_deleted(owner: Browser) -> None:
    write()
    record = AuditRecord.objects.get(action="service_changed")
    assert owner.post(f"{URL}add/", {}).status_code == 403
    assert owner.post(f"{URL}{record.pk}/delete/", {"post": "yes"}).status_code == 403
    assert owner.post(f"{URL}{record.pk}/change/", {"action": "x"}).status_code == 403
    assert AuditRecord.objects.filter(action="service_changed").count() == 1


def test_the_log_is_filtered_by_action_role_and_time(owner: Browser) -> None:
    write("intake_read", user=person("assistant"))
    write("service_changed")
    assert shown(owner, did="intake_read") == {"intake_read"}
    assert shown(owner, **{"as": "system"}) == {"service_changed"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    today = timezone.localdate()
    assert shown(owner, at_from=tomorrow.isoformat()) == set()
    assert shown(owner, at_to=(today - timedelta(days=1)).isoformat()) == set()
    assert shown(owner, at_from=today.isoformat(), at_to=today.isoformat()) >= {"intake_read"}
    for nonsense in ("x", "9999-12-31", "0001-01-01"):
        assert "intake_read" in shown(owner, at_from=nonsense)
    assert "intake_read" in shown(owner, did="nonsense")


def test_the_log_is_filtered_by_who_and_by_kind_of_thing(owner: Browser) -> None:
    assistant = person("assistant", display_name="Мария Белова")
    write("service_changed", user=assistant)
    write("payment_alert_settled", user=person("owner"), entity="paymentalert")
    assert shown(owner, who=str(assistant.pk)) == {"service_changed"}
    assert shown(owner, of="paymentalert") == {"payment_alert_settled"}
    assert "service_changed" in shown(owner, who="nonsense")
    page = owner.get(URL).content.decode()
    assert "Мария Белова" in page
    assert "192.0.2.1" in page


def test_an_assistant_is_not_shown_who_else_there_is() -> None:
    person("owner", display_name="Анна Орлова")
    assert "Анна Орлова" not in browser_of(person("assistant")).get(URL).content.decode()


def test_the_owner_looks_through_the_readings_of_private_texts(owner: Browser) -> None:
    changes = {"reading_reason": (None, "supervision"), "client_id": (None, "17")}
    write(READING, user=person("assistant"), entity="intake_form", changes=changes)
    write("service_changed")
    page = owner.get(URL, {"did": READING})
    assert shown(owner, did=READING) == {READING}
    text = page.content.decode()
    assert "Чтения личных текстов" in text
    assert "причина: супервизия" in text


def test_a_long_log_costs_no_more_statements(owner: Browser) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(URL)
        return len(queries)

    owner.get("/admin/")
    write(user=person("owner"))
    few = statements()
    for _ in range(30):
        write(user=person("assistant"))
    assert statements() == few <= 8


def export(browser: Browser, **answers: str):  # type: ignore[no-untyped-def]
    today = timezone.localdate().isoformat()
    return browser.post(
        f"{URL}export/",
        {"_form_submitted": "1", "since": today, "until": today, "file_format": "csv", **answers},
    )


def body_of(response) -> str:  # type: ignore[no-untyped-def]
    return b"".join(response.streaming_content).decode()


def test_the_log_leaves_as_a_table_and_the_export_is_written_down(owner: Browser) -> None:
    write(user=person("assistant"), entity_id="=HYPERLINK(1)", changes={"price": ("1.00", "2.00")})
    response = owner.get(export(owner)["Location"])
    text = body_of(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    changed = next(row for row in rows if row["action"] == "service_changed")
    assert changed["entity_id"] == "'=HYPERLINK(1)"
    assert json.loads(changed["changes"]) == {"price": ["1.00", "2.00"]}
    assert "data_exported" in {row["action"] for row in rows}
    assert AuditRecord.objects.get(action="data_exported").changes["format"] == [None, "csv"]


def test_the_log_leaves_as_json(owner: Browser) -> None:
    write(changes={"price": ("1.00", "2.00")})
    records = json.loads(body_of(owner.get(export(owner, file_format="json")["Location"])))
    changed = next(record for record in records if record["action"] == "service_changed")
    assert changed["changes"] == {"price": ["1.00", "2.00"]}
    assert (changed["actor_id"], changed["role"]) == (None, "system")


def test_the_days_are_whole_ones_of_the_practice(owner: Browser) -> None:
    write("intake_read", at=timezone.now() - timedelta(days=2))
    day = (timezone.localdate() - timedelta(days=2)).isoformat()
    text = body_of(owner.get(export(owner, since=day, until=day)["Location"]))
    assert "intake_read" in text
    assert "staff_signed_in" not in text


def test_days_in_the_wrong_order_are_refused(owner: Browser) -> None:
    response = export(owner, until="2020-01-01")
    assert response.status_code == 200
    assert "Последний день раньше первого." in response.content.decode()
    assert not AuditRecord.objects.filter(action="data_exported").exists()


def test_a_file_is_its_persons_and_for_a_minute(owner: Browser) -> None:
    url = export(owner)["Location"]
    assert browser_of(person("owner")).get(url).status_code == 403
    assert owner.get(f"{URL}export/forged/").status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert owner.get(url).status_code == 403


def test_an_assistant_takes_nothing_away() -> None:
    assert export(browser_of(person("assistant"))).status_code == 403
    assert not AuditRecord.objects.filter(action="data_exported").exists()


def test_an_unnamed_code_is_shown_as_it_is() -> None:
    assert wording.action_name("new_thing_done") == "new_thing_done"
    assert wording.entity_name("thing") == "thing"
