"""After an erasure every table is searched for what was known of the person; the workspace still works."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.db import IntegrityError, transaction
from django.urls import reverse
from rest_framework.test import APIClient

from apps.booking.infrastructure.models import IntakeForm, OutcomeRecord, WaitlistRequest
from apps.client_cabinet.infrastructure.models import DestructionAct, DiaryEntry, Material
from apps.identity.infrastructure.models import SignInCode, User
from apps.identity.infrastructure.tried_names import tried_name
from apps.kernel.application.ports import KeyDestroyed
from apps.kernel.infrastructure.models import IdempotencyRecord
from apps.messaging.infrastructure.models import Message, ReminderOptOut
from apps.payments.infrastructure.models import Payment
from tests.booking.factories import (
    make_appointment,
    make_client,
    make_offer,
    make_service,
    make_specialist,
    make_waitlist_request,
    next_monday,
    signed_in,
)
from tests.client_cabinet.backups import taken
from tests.client_cabinet.erasing import confirmed, started
from tests.client_cabinet.rows import consent_to_health_data, make_entry, make_favourite, make_material
from tests.identity.consents import chain_now, verdict
from tests.identity.people import browser_of, person
from tests.jobs import work_off
from tests.messaging.rows import make_letter
from tests.payments.rows import make_payment

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Аполлинария Зимородкова", "apollinaria.zimorodkova@example.ru", "+79991234567"
TEXTS = {
    "diary": "страх высоты на мосту",
    "intake": "бессонница с весны",
    "notes": "плакала в начале сессии",
    "material": "дыхание по квадрату",
    "request": "прошу удалить всё о лечении",
}
BROWSER = "Zimorodkova-Browser/7"
KNOWN = (NAME, EMAIL, PHONE, PHONE[1:], BROWSER, *TEXTS.values())


class Known:
    """A client of whom the practice keeps something in every place it can."""

    def __init__(self) -> None:
        self.specialist = make_specialist()
        self.service = make_service(self.specialist)
        self.user = make_client(display_name=NAME, email=EMAIL, phone=PHONE, telegram_id=7_700_700_700)
        consent_to_health_data(self.user)
        self.appointment = make_appointment(
            service=self.service,
            client=self.user,
            status="completed",
            start=next_monday() - timedelta(days=14),
            topic="высота",
            deep_link_id="zimorodkova",
            meeting_link="https://meet.example.ru/zimorodkova",
        )
        OutcomeRecord.objects.create(
            appointment=self.appointment,
            client=self.user,
            session_start=self.appointment.start,
            outcome="attended",
            recorded_at=datetime.now(UTC),
            notes=TEXTS["notes"],
        )
        IntakeForm.objects.create(
            appointment=self.appointment,
            client=self.user,
            questions=["Что вас привело?"],
            answers=[TEXTS["intake"]],
            updated_at=datetime.now(UTC),
        )
        self.payment = make_payment(
            self.appointment,
            status="succeeded",
            return_url="https://site.example.ru/?who=zimorodkova",
        )
        make_offer(client=self.user, status="expired", appointment_status="expired")
        make_waitlist_request(client=self.user, name=NAME, contact=EMAIL)
        make_waitlist_request(name=NAME, contact=EMAIL)
        self.entry = make_entry(self.user, payload={"emotions": [], "situation": TEXTS["diary"]})
        self.material = make_material(self.user, title="Практика", text=TEXTS["material"])
        make_favourite(self.user)
        self.letter = make_letter(client=self.user, appointment=self.appointment)
        ReminderOptOut.objects.create(client_id=self.user.pk, at=datetime.now(UTC), kinds=["reminder_day"])
        for name in (EMAIL, tried_name(EMAIL)):
            AccessAttempt.objects.create(
                username=name, ip_address="192.0.2.7", user_agent=BROWSER, failures_since_start=1
            )
        self.api = signed_in(self.user)
        APIClient().post("/api/v1/auth/code/", {"email": EMAIL})
        assert SignInCode.objects.exists()

    def erase(self) -> None:
        answer = confirmed(self.api, started(self.api))
        assert answer.status_code == 200, answer.json()
        work_off("kernel.deliver_event")


def found() -> list[tuple[str, str]]:
    """Which of the known strings stand in which tables."""
    return [(table, text) for table, rows in taken().items() for text in KNOWN if text in rows.decode()]


@pytest.fixture(autouse=True)
def _file(settings, tmp_path):
    settings.TOMBSTONES_FILE = str(tmp_path / "tombstones.jsonl")


def test_no_table_knows_the_person_any_more(settings):
    known = Known()
    assert ("identity_user", NAME) in found()  # the search can find

    known.erase()

    assert found() == []
    outside = Path(settings.TOMBSTONES_FILE).read_text(encoding="utf-8")
    assert str(known.user.pk) in outside
    assert not any(text in outside for text in KNOWN)


def test_what_no_law_keeps_is_destroyed_and_what_it_keeps_is_a_number():
    known = Known()
    stranger = make_waitlist_request()

    known.erase()

    assert list(WaitlistRequest.objects.all()) == [stranger]
    assert not IntakeForm.objects.exists()
    assert not Material.objects.exists()
    assert not ReminderOptOut.objects.exists()
    assert not AccessAttempt.objects.exists()
    assert OutcomeRecord.objects.get().notes == ""
    known.appointment.refresh_from_db()
    assert (known.appointment.topic, known.appointment.deep_link_id, known.appointment.meeting_link) == (
        "",
        "",
        "",
    )
    assert known.appointment.client_id == known.user.pk
    payment = Payment.objects.get(pk=known.payment.pk)
    assert (payment.status, payment.return_url, payment.amount_minor) == (
        "succeeded",
        "",
        known.payment.amount_minor,
    )
    letter = Message.objects.get(pk=known.letter.pk)
    assert (letter.status, letter.result) == ("skipped", "no_address")


def test_copies_of_the_rows_do_not_open_any_more():
    known = Known()
    copies = [
        (DiaryEntry.objects.get(pk=known.entry.pk), "payload"),
        (Material.objects.get(pk=known.material.pk), "text"),
        (IntakeForm.objects.get(pk=known.appointment.pk), "answers"),
        (OutcomeRecord.objects.get(appointment=known.appointment), "notes"),
    ]

    known.erase()

    for row, name in copies:
        with pytest.raises(KeyDestroyed):
            getattr(row, name)


def test_the_chain_of_consents_still_proves_itself_without_the_key():
    known = Known()
    chain_now()
    before = verdict()

    known.erase()
    chain_now()

    after = verdict()
    assert before.holds
    assert after.holds
    assert after.links > before.links  # the withdrawals that came with the erasure


def test_the_act_names_every_kind_of_thing_that_went():
    known = Known()

    known.erase()

    act = DestructionAct.objects.get()
    rows = {kind: count for each in act.destroyed for kind, count in each["rows"].items()}
    assert rows["waitlist_requests"] == 3
    assert rows["session_notes"] == rows["intake_forms"] == rows["accounts"] == 1
    assert {"letters_called_off", "settings_of_reminders", "payment_links"} <= rows.keys()


def test_nothing_new_is_kept_about_somebody_erased():
    known = Known()
    known.erase()

    for write in (
        lambda: make_appointment(service=known.service, client=known.user),
        lambda: make_entry(known.user),
        lambda: make_favourite(known.user),
        lambda: make_waitlist_request(client=known.user),
    ):
        with pytest.raises((IntegrityError, KeyDestroyed), match=r"erased|destroyed"), transaction.atomic():
            write()


def test_the_same_address_may_register_anew_and_is_somebody_else():
    known = Known()
    known.erase()

    assert make_client(email=EMAIL, phone=PHONE).pk != known.user.pk


@pytest.fixture
def erased_client():
    known = Known()
    known.erase()
    return known


PAGES = {
    "overview": lambda known: reverse("admin:index"),
    "appointments": lambda known: reverse("admin:booking_appointment_changelist") + "?tab=all",
    "appointment": lambda known: reverse("admin:booking_appointment_change", args=[known.appointment.pk]),
    "payments": lambda known: reverse("admin:payments_payment_changelist"),
    "payment": lambda known: reverse("admin:payments_payment_change", args=[known.payment.pk]),
    "letters": lambda known: reverse("admin:messaging_message_changelist"),
    "consents": lambda known: reverse("admin:identity_consent_changelist"),
    "log": lambda known: reverse("admin:audit_auditrecord_changelist"),
    "requests": lambda known: reverse("admin:client_cabinet_subjectrequest_changelist") + "?tab=closed",
    "waitlist": lambda known: reverse("admin:booking_waitlistrequest_changelist"),
    "clients": lambda known: reverse("admin:identity_client_changelist"),
    "client": lambda known: reverse("admin:identity_client_change", args=[known.user.pk]),
    "calendar": lambda known: reverse("admin:booking_appointment_calendar"),
    "notes": lambda known: reverse("admin:booking_appointment_notes", args=[known.appointment.pk]),
}
NAMED_ON = {"appointments", "appointment", "payments", "payment", "requests", "log"}


def test_every_page_of_the_workspace_outlives_the_person(erased_client):
    owner = browser_of(person("owner"))

    for name, address in PAGES.items():
        page = owner.get(address(erased_client), follow=True)
        text = page.content.decode()
        assert page.status_code == 200, name
        assert not any(known in text for known in KNOWN), name
        assert "удалённый клиент" in text or name not in NAMED_ON, name


def test_the_act_is_read_printed_and_taken_along(erased_client):
    owner = browser_of(person("owner"))
    act = DestructionAct.objects.get()

    page = owner.get(reverse("admin:client_cabinet_destructionact_change", args=[act.pk])).content.decode()
    printed = owner.get(reverse("admin:client_cabinet_destructionact_print", args=[act.pk])).content.decode()

    for text in (page, printed):
        assert str(erased_client.user.pk) in text
        assert "уничтожение ключа шифрования" in text
        assert not any(known in text for known in KNOWN)
    for particular in (
        "Оператор",
        "Субъект персональных данных",
        "Кто уничтожил данные",
        "Категории уничтоженных данных",
        "Информационная система",
        "Способ уничтожения",
        "Причина уничтожения",
        "Дата уничтожения",
        "Выгрузка из журнала",
    ):
        assert particular in printed
    assert "Эмоциональный баланс" in printed
    assert owner.get(reverse("admin:client_cabinet_destructionact_changelist")).status_code == 200


def test_the_extract_of_the_log_has_the_particulars_of_the_order(erased_client):
    owner = browser_of(person("owner"))
    act = DestructionAct.objects.get()
    address = "admin:client_cabinet_destructionact_log"

    as_json = owner.get(reverse(address, args=[act.pk, "json"]))
    as_csv = owner.get(reverse(address, args=[act.pk, "csv"])).content.decode("utf-8-sig")

    entries = as_json.json()
    assert as_json["Content-Disposition"] == f'attachment; filename="destruction_{act.pk}.json"'
    assert {entry["subject"] for entry in entries} == {str(erased_client.user.pk)}
    for entry in entries:
        assert entry["category"]
        assert entry["system"] == "Эмоциональный баланс"
        assert entry["reason"]
        assert datetime.fromisoformat(entry["at"]) == act.at
    assert [entry["event"] for entry in entries][-1] == "key_destroyed"
    assert as_csv.count("\r\n") == len(entries) + 1


@pytest.mark.parametrize("suffix", ["xml", "php"])
def test_other_files_and_other_acts_do_not_exist(erased_client, suffix):
    owner = browser_of(person("owner"))
    act = DestructionAct.objects.get()

    assert owner.get(f"/admin/client_cabinet/destructionact/{act.pk}/log.{suffix}").status_code == 404
    assert owner.get("/admin/client_cabinet/destructionact/999/change/").status_code == 404
    assert owner.get(f"/admin/client_cabinet/destructionact/{uuid4()}/print/").status_code == 404


@pytest.mark.parametrize("name", ["change", "print"])
def test_an_editor_sees_no_acts(erased_client, name):
    act = DestructionAct.objects.get()
    address = reverse(f"admin:client_cabinet_destructionact_{name}", args=[act.pk])

    assert browser_of(person("editor")).get(address).status_code == 403


def test_the_answers_of_earlier_calls_and_codes_of_sign_in_are_gone(erased_client):
    assert not SignInCode.objects.exists()
    assert not IdempotencyRecord.objects.filter(owner=f"user:{erased_client.user.pk}").exists()
    assert User.objects.get(pk=erased_client.user.pk).password.startswith("!")
