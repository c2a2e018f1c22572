"""Writing the texts of letters in the workspace: refusals, preview, versions, a trial to oneself."""

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from apps.audit.models import AuditRecord
from apps.messaging.models import MessageTemplate, TemplateVersion
from tests.booking.factories import make_staff
from tests.identity.people import browser_of
from tests.messaging.letters import post_letters
from tests.messaging.rows import text_of

pytestmark = pytest.mark.django_db
SENT = {"_form_submitted": "True"}
SUBJECT = "Ждём вас: {{ appointment_date }}"
BODY = "Здравствуйте, {{ client_name }}!\n\nДо встречи в {{ appointment_time }}."


@pytest.fixture
def owner() -> Browser:
    return browser_of(make_staff("owner", email="orlova@example.org"))


def address(template: MessageTemplate, name: str = "change") -> str:
    return reverse(f"admin:messaging_messagetemplate_{name}", args=[template.pk])


def save(browser: Browser, template: MessageTemplate, **values: str) -> str:
    fields = {"subject": SUBJECT, "body": BODY, "number": str(template.number), "do": "save", **values}
    return browser.post(address(template), fields, follow=True).content.decode()


def test_the_list_names_every_message(owner: Browser) -> None:
    shown = owner.get(reverse("admin:messaging_messagetemplate_changelist")).content.decode()
    for words in ("Запись подтверждена", "Первое напоминание", "Код для входа", "исходный текст"):
        assert words in shown


def test_the_page_shows_the_text_its_placeholders_and_how_it_looks(owner: Browser) -> None:
    template = text_of()
    shown = owner.get(address(template)).content.decode()
    assert "{{ appointment_time }}" in shown
    assert "имя клиента" in shown
    assert "Запись подтверждена: 12 марта, 15:00 (МСК)" in shown
    assert 'sandbox=""' in shown
    assert 'srcdoc="&lt;!DOCTYPE html&gt;' in shown


def test_a_saved_text_is_a_new_version_and_the_old_one_stays(owner: Browser) -> None:
    template = text_of()
    old = template.body
    assert "Текст сохранён" in save(owner, template)
    template.refresh_from_db()
    assert (template.number, template.subject, template.body) == (2, SUBJECT, BODY)
    kept = TemplateVersion.objects.filter(template=template).order_by("number")
    assert [(each.number, each.body) for each in kept] == [(1, old), (2, BODY)]
    record = AuditRecord.objects.get(action="message_template_changed")
    assert record.changes == {"version": [1, 2]}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"body": BODY + "\n{{ clientname }}"}, "нет подстановки «clientname»"),
        ({"body": BODY + "\n{{ client_name"}, "без второй половины"),
        ({"body": "Здравствуйте!", "subject": "Тема"}, "appointment_date, appointment_time"),
        ({"subject": "Тема\r\nBcc: evil@example.org"}, "одной строкой"),
        ({"subject": " "}, "и тему, и текст"),
        ({"body": BODY + "\n[x](javascript:alert(1))"}, "ссылка может вести"),
    ],
)
def test_a_text_that_could_not_be_sent_is_refused_and_what_was_typed_stays(
    owner: Browser, values: dict[str, str], words: str
) -> None:
    template = text_of()
    shown = save(owner, template, **values)
    assert words in shown
    if "body" in values:
        assert "Здравствуйте" in shown
    template.refresh_from_db()
    assert template.number == 1
    assert not AuditRecord.objects.filter(entity="messagetemplate").exists()


def test_who_opened_an_older_version_saves_nothing_over(owner: Browser) -> None:
    template = text_of()
    save(owner, template)
    assert "изменил" in save(owner, template, body=BODY + " Ещё.", number="1")
    template.refresh_from_db()
    assert (template.number, template.body) == (2, BODY)


def test_the_preview_shows_what_is_typed_and_keeps_nothing(owner: Browser) -> None:
    template = text_of()
    answer = owner.post(
        address(template, "preview"), {"subject": SUBJECT, "body": "**Так** {{ appointment_time }}"}
    )
    assert answer.json()["subject"] == "Ждём вас: 12 марта"
    assert "<strong>Так</strong> 15:00" in answer.json()["html"]
    assert answer.json()["text"].startswith("Так 15:00")
    refused = owner.post(address(template, "preview"), {"subject": SUBJECT, "body": "{{"})
    assert refused.json()["field"] == "body"
    assert "половины" in refused.json()["refusal"]
    assert TemplateVersion.objects.filter(template=template).count() == 1
    assert owner.get(address(template, "preview")).status_code == 405


def test_an_earlier_text_comes_back_as_a_new_version(owner: Browser) -> None:
    template = text_of()
    old = template.body
    save(owner, template)
    shown = owner.get(address(template)).content.decode()
    assert "<del>" in shown
    assert "<ins>" in shown
    url = address(template, "revert") + "?number=1"
    assert owner.get(url).status_code == 200
    owner.post(url, {**SENT, "number": "1", "expected_version": "2"})
    template.refresh_from_db()
    assert (template.number, template.body) == (3, old)
    record = AuditRecord.objects.get(action="message_template_reverted")
    assert record.changes == {"version": [2, 3], "text_of_version": [None, 1]}


def test_a_version_that_never_was_does_not_come_back(owner: Browser) -> None:
    template = text_of()
    answer = owner.post(address(template, "revert"), {**SENT, "number": "7", "expected_version": "1"})
    assert "нет такой версии" in answer.content.decode() or "такой версии нет" in answer.content.decode()
    template.refresh_from_db()
    assert template.number == 1


def test_a_trial_letter_goes_to_the_one_who_asks(owner: Browser) -> None:
    template = text_of("reminder_day")
    assert owner.get(address(template, "send_trial")).status_code == 200
    assert mail.outbox == []
    owner.post(address(template, "send_trial"), SENT)
    post_letters()
    (letter,) = mail.outbox
    assert letter.to == ["orlova@example.org"]
    assert "Здравствуйте, Мария!" in letter.body
    assert AuditRecord.objects.filter(action="trial_letter_sent").exists()


def test_the_assistant_writes_texts_and_the_editor_does_not_see_them() -> None:
    template = text_of()
    save(browser_of(make_staff("assistant")), template)
    template.refresh_from_db()
    assert template.number == 2
    editor = browser_of(make_staff("editor"))
    assert editor.get(address(template)).status_code == 403
    assert editor.post(address(template, "preview"), {}).status_code == 403


def test_a_template_that_is_not_there(owner: Browser) -> None:
    for nothing in ("x", "00000000-0000-0000-0000-000000000000"):
        url = reverse("admin:messaging_messagetemplate_change", args=[nothing])
        assert owner.get(url).status_code == 404
