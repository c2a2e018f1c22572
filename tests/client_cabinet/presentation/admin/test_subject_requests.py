"""The register of requests about data in the workspace."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.infrastructure.models import AuditRecord
from apps.client_cabinet.infrastructure.models import DestructionAct, SubjectRequest
from apps.identity.infrastructure.models import Consent, User
from tests.booking.factories import consented_client, make_appointment, make_client, make_specialist
from tests.client_cabinet.erasing import erased
from tests.client_cabinet.rows import diarist, make_entry
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db

LIST = "/admin/client_cabinet/subjectrequest/"


def make_request(kind: str = "access", **values) -> SubjectRequest:
    now = timezone.now()
    return SubjectRequest.objects.create(
        **{
            "kind": kind,
            "channel": "letter",
            "status": "open",
            "person": None,
            "received_on": date(2026, 11, 2),
            "deadline": timezone.localdate() + timedelta(days=30),
            "text": "Прошу сообщить, что вы обо мне храните.",
            "registered_at": now,
            **values,
        }
    )


def command(name: str, row: SubjectRequest) -> str:
    return reverse(f"admin:client_cabinet_subjectrequest_{name}", args=[row.pk])


@pytest.fixture
def owner():
    return browser_of(person("owner"))


def sent(browser, name: str, row: SubjectRequest, **answers):
    """The answer to a dialog that was filled in and sent."""
    return browser.post(command(name, row), {"_form_submitted": "True", **answers})


# --- entering ---


def entered(browser, **answers):
    return browser.post(
        reverse("admin:client_cabinet_subjectrequest_register_request"),
        {
            "_form_submitted": "True",
            "kind": "access",
            "channel": "letter",
            "received_on": "02.11.2026",
            "contact": "",
            "text": "",
            **answers,
        },
    )


def test_a_letter_is_entered_with_the_deadline_of_its_article(owner):
    client = make_client(email="anna@example.ru")

    answer = entered(owner, contact="anna@example.ru", text="Прошу прислать мои данные.")

    row = SubjectRequest.objects.get()
    assert answer.status_code == 302
    assert (row.person, row.kind, row.channel, row.received_on) == (
        client,
        "access",
        "letter",
        date(2026, 11, 2),
    )
    assert row.deadline == date(2026, 11, 17)  # 4 November is a holiday
    assert row.text == "Прошу прислать мои данные."
    assert AuditRecord.objects.filter(action="subject_request_registered").exists()


def test_somebody_unknown_may_ask_too(owner):
    entered(owner, text="Пишет не клиент.")

    assert SubjectRequest.objects.get().person is None


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"contact": "nobody@example.ru"}, "Клиент не найден"),
        ({"received_on": "01.01.2030"}, "ещё не наступил"),
    ],
    ids=["unknown contact", "day to come"],
)
def test_a_slip_is_told_and_enters_nothing(owner, answers, sentence):
    page = entered(owner, **answers)

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not SubjectRequest.objects.exists()


# --- the list ---


@pytest.mark.parametrize(
    ("days", "words"),
    [(-400, "просрочено на"), (0, "последний день"), (40, "рабочих")],
    ids=["overdue", "today", "far"],
)
def test_the_list_tells_how_much_of_the_term_is_left(owner, days, words):
    make_request(received_on=date(2025, 1, 9), deadline=timezone.localdate() + timedelta(days=days))

    page = owner.get(LIST).content.decode()

    assert words in page
    assert ("ws-status-no_show" in page) is (days < 0)


def test_the_list_shows_nothing_of_what_was_written(owner):
    make_request(text="Тайна моей болезни")

    assert "Тайна" not in owner.get(LIST).content.decode()


def test_what_is_dealt_with_stands_on_a_tab_of_its_own(owner):
    row = make_request("stop", status="answered", closed_at=timezone.now())

    assert str(row.pk) not in owner.get(LIST).content.decode()
    assert str(row.pk) in owner.get(f"{LIST}?tab=closed").content.decode()


def test_the_list_asks_the_database_as_often_for_many_as_for_one(owner, django_assert_max_num_queries):
    for _ in range(15):
        make_request(person=make_client())

    with django_assert_max_num_queries(14):
        owner.get(LIST)


# --- commands ---


def test_an_answer_closes_a_request(owner):
    row = make_request()

    sent(owner, "answer", row, text="Отправили выписку заказным письмом.")

    row.refresh_from_db()
    assert (row.status, row.answer) == ("answered", "Отправили выписку заказным письмом.")
    assert AuditRecord.objects.get(action="subject_request_answered").entity_id == str(row.pk)


def test_a_refusal_keeps_its_reason(owner):
    row = make_request()

    sent(owner, "refuse", row, text="Ст. 14, ч. 8, п. 4.")

    row.refresh_from_db()
    assert (row.status, row.answer) == ("refused", "Ст. 14, ч. 8, п. 4.")


def test_an_extension_moves_the_deadline_once(owner):
    row = make_request(received_on=timezone.localdate(), deadline=timezone.localdate() + timedelta(days=14))

    sent(owner, "extend", row, text="Нужен архив.")
    row.refresh_from_db()
    first = row.deadline
    again = sent(owner, "extend", row, text="Ещё.")

    assert row.extended
    assert first > timezone.localdate() + timedelta(days=14)
    assert "уже продлён" in again.content.decode()


def test_only_what_the_law_lets_be_extended_offers_it(owner):
    assert "Продлить срок" in owner.get(f"{LIST}{make_request('stop').pk}/change/").content.decode()
    assert "Продлить срок" not in owner.get(f"{LIST}{make_request('withdrawal').pk}/change/").content.decode()


def test_a_closed_request_is_not_answered_again(owner):
    row = make_request(status="answered", closed_at=timezone.now())

    page = sent(owner, "answer", row, text="Ещё раз.")

    assert "уже рассмотрено" in page.content.decode()


# --- erasure ---


def test_the_dialog_of_an_erasure_shows_what_goes_and_what_stays(owner):
    client = diarist(display_name="Анна Карелина")
    make_entry(client)
    row = make_request("withdrawal", person=client)

    page = owner.get(command("erase", row)).content.decode()

    assert "Анна Карелина" in page
    assert "Это исчезнет навсегда" in page
    assert "152-ФЗ" in page


def test_staff_erase_a_client_who_asked_in_writing(owner):
    client = diarist()
    make_entry(client)
    row = make_request("withdrawal", person=client, text="Удалите всё.")

    answer = sent(owner, "erase", row, sure="on")

    act = DestructionAct.objects.get()
    row.refresh_from_db()
    assert answer.status_code == 302
    assert User.objects.get(pk=client.pk).status == "deleted"
    assert (row.status, row.act, row.text) == ("erased", act, "")
    assert (act.reason, act.request_id, act.actor_role) == ("request", row.pk, "owner")
    withdrawal = Consent.objects.filter(user=client, status="withdrawn").get()
    assert withdrawal.channel == "staff"


def test_an_erasure_waits_for_the_word(owner):
    client = make_client()
    row = make_request("withdrawal", person=client)

    sent(owner, "erase", row)

    assert User.objects.get(pk=client.pk).status == "active"


def test_an_erasure_that_a_contract_stands_against_is_refused_in_the_dialog(owner):
    client = consented_client()
    make_appointment(client=client, status="confirmed")
    row = make_request("stop", person=client)

    page = sent(owner, "erase", row, sure="on").content.decode()

    assert "Пока нельзя" in page
    assert User.objects.get(pk=client.pk).status == "active"


@pytest.mark.parametrize(
    ("kind", "known", "sentence"),
    [("access", True, "не об уничтожении"), ("withdrawal", False, "не указан клиент")],
    ids=["no such wish", "nobody named"],
)
def test_nobody_is_erased_without_having_asked(owner, kind, known, sentence):
    row = make_request(kind, person=make_client() if known else None)

    assert sentence in sent(owner, "erase", row, sure="on").content.decode()


def test_erasing_asks_for_a_second_factor():
    from apps.client_cabinet.presentation.admin.subject_requests import SubjectRequestAdmin

    assert SubjectRequestAdmin.erase.step_up is True


def test_an_assistant_reads_the_register_and_decides_nothing():
    assistant = browser_of(person("assistant"))
    row = make_request("withdrawal", person=make_client())

    page = assistant.get(f"{LIST}{row.pk}/change/").content.decode()

    assert "Ответить…" not in page
    for name in ("answer", "extend", "refuse", "erase"):
        assert sent(assistant, name, row, text="Нет.", sure="on").status_code == 403
    assert SubjectRequest.objects.get().status == "open"


@pytest.mark.parametrize("key", ["7", "x", "5f6b1a52-3f0a-4c0e-9a55-8f2f3a1f0c77"])
def test_a_request_that_is_not_there_is_not_found(owner, key):
    assert owner.get(f"{LIST}{key}/change/").status_code == 404


def test_words_whose_key_is_gone_are_shown_as_destroyed(owner):
    client = make_client()
    row = make_request(person=client, text="Прошу…")
    erased(client)
    sealed = SubjectRequest.objects.values_list("text", flat=True)
    assert list(sealed.filter(pk=row.pk)) == [""]

    page = owner.get(f"{LIST}{row.pk}/change/").content.decode()

    assert "удалённый клиент" in page


# --- the overview ---


def test_the_overview_calls_for_attention_when_a_term_presses():
    user = person("owner")
    make_specialist(user=user)
    owner = browser_of(user)
    assert "Обращения о данных" not in _cards(owner)

    make_request(deadline=timezone.localdate())
    assert "не больше двух рабочих дней" in _cards(owner)

    make_request(received_on=date(2025, 1, 9), deadline=date(2025, 2, 3))
    assert "просрочено: ответьте сегодня" in _cards(owner)


def _cards(browser) -> str:
    page = browser.get("/admin/").content.decode()
    return page.split('class="ws-cards"')[1].split("</ul>")[0]
