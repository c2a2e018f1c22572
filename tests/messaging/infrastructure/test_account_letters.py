"""Letters about accounts and the cabinet: from the event to the mailbox, each once."""

import re
from datetime import UTC, datetime, time
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import connection

from apps.client_cabinet.events import ExportReady, MaterialShared
from apps.identity import facade as identity
from apps.identity import wiring as identity_wiring
from apps.identity.domain.roles import Role
from apps.identity.events import ConfirmationCodeRequested, ConsentChainHeadPublished, ContactChanged
from apps.identity.models import Confirmation, User
from apps.kernel.domain.actor import SYSTEM
from apps.kernel.domain.events import DomainEvent
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.messaging.models import DeliverySettings, Message
from tests.booking.factories import make_client, make_staff, signed_in
from tests.identity.consents import grant, publish
from tests.jobs import work_off
from tests.messaging.letters import EVENTS, post_letters

pytestmark = pytest.mark.django_db

CONTACTS = "/api/v1/me/contacts/"
HEAD = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def happened(event: type[DomainEvent], *, times: int = 1, **values: object) -> None:
    """The event goes the way of all events, to the mailbox, as often as it is heard."""
    heard = event(event_id=uuid4(), occurred_at=datetime(2026, 12, 1, 0, 10, tzinfo=UTC), **values)
    for _time in range(times):
        QueuedEventBus(subscriptions).publish([heard])
        post_letters()


def ask(person: User, kind: str, value: str | None) -> str:
    response = signed_in(person).post(CONTACTS, {"kind": kind, "value": value})
    assert response.status_code == 202
    return str(response.json()["confirmation_id"])


def code_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"\b\d{6}\b", letter.body)
    assert found
    return found[0]


def test_a_code_goes_to_the_new_address_and_the_old_one_is_told_afterwards() -> None:
    anna = make_client(email="anna@example.ru", display_name="Анна", language="ru")
    step = ask(anna, "email", "new@example.ru")
    post_letters()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["new@example.ru"], "Код подтверждения")
    assert "чтобы подтвердить новый адрес почты" in letter.body
    assert "10 минут" in letter.body
    assert "Анна" not in letter.body  # whoever reads that address is not known yet

    confirmed = signed_in(anna).post(f"{CONTACTS}{step}/confirm/", {"code": code_in(letter)})
    post_letters()
    assert confirmed.status_code == 200
    notice = mail.outbox[-1]
    assert (notice.to, notice.subject) == (["anna@example.ru"], "Контакт в вашей учётной записи изменён")
    assert "адрес электронной почты" in notice.body
    assert "new@example.ru" not in notice.body
    assert len(mail.outbox) == 2


def test_about_a_number_the_code_and_the_notice_go_to_the_address() -> None:
    anna = make_client(email="anna@example.ru", language="en")
    step = ask(anna, "phone", "+79990000000")
    post_letters()
    signed_in(anna).post(f"{CONTACTS}{step}/confirm/", {"code": code_in(mail.outbox[0])})
    post_letters()
    assert [letter.to for letter in mail.outbox] == [["anna@example.ru"]] * 2
    assert "to change the phone number" in mail.outbox[0].body
    assert "the phone number has been changed" in mail.outbox[1].body
    assert "999" not in mail.outbox[1].body


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        ("erase_entry", "удалить запись дневника"),
        ("erase_diary", "удалить все ваши дневники"),
        ("erase_account", "удалить учётную запись"),
    ],
)
def test_a_code_says_what_it_is_for(purpose: str, words: str) -> None:
    anna = make_client(email="anna@example.ru")
    identity.request_confirmation(user_id=anna.pk, purpose=purpose, at=datetime.now(UTC))
    post_letters()
    assert words in mail.outbox[0].body


def test_of_two_requests_only_the_last_brings_a_letter() -> None:
    anna = make_client(email="anna@example.ru")
    for _request in range(2):
        identity.request_confirmation(user_id=anna.pk, purpose="erase_diary", at=datetime.now(UTC))
    post_letters()
    assert len(mail.outbox) == 1
    assert sorted(Message.objects.values_list("status", "result")) == [("sent", ""), ("skipped", "replaced")]


def test_no_address_of_a_step_is_in_the_queue_or_the_outbox() -> None:
    anna = make_client(email="anna@example.ru")
    ask(anna, "email", "new@example.ru")
    post_letters()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(row_to_json(letter)::text, '') FROM messaging_message AS letter")
        kept += cursor.fetchone()[0]
    assert str(Confirmation.objects.get().pk) in kept
    for secret in ("new@example", "anna@example", code_in(mail.outbox[0])):
        assert secret not in kept


def test_a_notice_has_nobody_to_tell_where_there_was_no_address() -> None:
    person = make_client(email=None, phone="+79123456789")
    step = ask(person, "email", "new@example.ru")
    post_letters()
    signed_in(person).post(f"{CONTACTS}{step}/confirm/", {"code": code_in(mail.outbox[0])})
    post_letters()
    assert len(mail.outbox) == 1
    assert Message.objects.get(kind="contact_changed").result == "no_address"


def test_an_export_is_told_without_a_link() -> None:
    anna = make_client(email="anna@example.ru", display_name="Анна")
    happened(ExportReady, times=2, export_id=uuid4(), client_id=anna.pk)
    (letter,) = mail.outbox
    assert letter.to == ["anna@example.ru"]
    assert letter.subject == "Ваши данные готовы к скачиванию"
    assert "Здравствуйте, Анна!" in letter.body
    assert "72 часов" in letter.body
    assert "показан один раз" in letter.body
    assert "http" not in letter.body


def test_a_material_is_told_without_a_word_of_it_and_may_be_switched_off() -> None:
    DeliverySettings.objects.update(quiet_from=time(0), quiet_until=time(0))  # none
    anna = make_client(email="anna@example.ru", display_name="Анна")
    publish("communications")
    grant(anna.pk, "communications")
    material = uuid4()
    happened(MaterialShared, times=2, material_id=material, client_id=anna.pk)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["anna@example.ru"], "Для вас есть новый материал")
    assert "Здравствуйте, Анна!" in letter.body
    assert str(material) not in letter.body
    signed_in(anna).put("/api/v1/me/notifications/", {"switched_off": ["material_shared"]})
    happened(MaterialShared, material_id=material, client_id=anna.pk)
    assert Message.objects.filter(result="opted_out").count() == 1


def test_the_head_of_the_chain_goes_to_every_active_owner_once() -> None:
    first, second = make_staff("owner"), make_staff("owner")
    make_staff("assistant")
    make_staff("owner", status="blocked")
    happened(ConsentChainHeadPublished, times=2, seq=1024, head=HEAD)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([first.email, second.email])
    assert {letter.subject for letter in mail.outbox} == {"Журнал согласий проверен: № 1024"}
    for letter in mail.outbox:
        assert HEAD in letter.body
        assert "1 декабря" in letter.body


def test_whoever_is_no_owner_any_more_gets_no_head() -> None:
    owner = make_staff("owner")
    event = ConsentChainHeadPublished(event_id=uuid4(), occurred_at=datetime.now(UTC), seq=1, head=HEAD)
    make_staff("owner")
    QueuedEventBus(subscriptions).publish([event])
    work_off(EVENTS)
    User.objects.filter(pk=owner.pk).update(role="assistant")
    post_letters()
    assert len(mail.outbox) == 1
    assert Message.objects.get(recipient_id=str(owner.pk)).result == "state_passed"


def test_a_step_that_nobody_knows_brings_no_letter() -> None:
    for event in (ConfirmationCodeRequested, ContactChanged):
        happened(event, confirmation_id=UUID(int=1))
    assert mail.outbox == []
    assert set(Message.objects.values_list("status", flat=True)) == {"skipped"}


def test_an_invitation_goes_to_whoever_is_invited_with_a_link_made_then() -> None:
    invite = identity_wiring.invite_staff()
    now = datetime.now(UTC)
    person = invite(email="olga@example.ru", display_name="Ольга", role=Role.ASSISTANT, actor=SYSTEM, at=now)
    post_letters()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["olga@example.ru"], "Приглашение в «Эмоциональный баланс»")
    assert "Здравствуйте, Ольга!" in letter.body
    assert "http://" in letter.body
    invite.again(user_id=person, actor=SYSTEM, at=now)
    invite.again(user_id=person, actor=SYSTEM, at=now)
    post_letters()
    assert len(mail.outbox) == 2
    assert Message.objects.filter(kind="staff_invitation", result="replaced").count() == 1
