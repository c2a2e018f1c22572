"""Identity's pages of the workspace: who sees what, and what every command does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.audit.models import AuditRecord
from apps.identity import facade
from apps.identity.models import ApiSession, Client, Consent, ConsentDocument, User
from apps.kernel.domain.actor import SYSTEM
from tests.identity.people import browser_of, person

pytestmark = pytest.mark.django_db

PAGES = {
    "clients": "/admin/identity/client/",
    "staff": "/admin/identity/user/",
    "documents": "/admin/identity/consentdocument/",
    "consents": "/admin/identity/consent/",
}


@pytest.fixture
def owner() -> Browser:
    return browser_of(person("owner"))


@pytest.fixture
def consent() -> Consent:
    now = timezone.now()
    facade.publish_consent_document(
        purpose="personal_data",
        version="1.0",
        title="Согласие",
        text="# Текст",
        legal={"operator": "ИП Орлова"},
        effective_from=now - timedelta(days=1),
        actor=SYSTEM,
        at=now,
    )
    client = person(display_name="Ольга Петрова", phone="+79001112233", email="olga@example.ru")
    facade.grant_consents(
        user_id=client.pk,
        grants=[("personal_data", "1.0")],
        channel="web",
        evidence={"ip": "192.0.2.7"},
        at=now,
    )
    return Consent.objects.get()


def dialog(browser: Browser, url: str, **answers: str):  # type: ignore[no-untyped-def]
    return browser.post(url, {"_form_submitted": "1", **answers})


@pytest.mark.parametrize(
    ("role", "open_pages"),
    [
        ("owner", {"clients", "staff", "documents", "consents"}),
        ("assistant", {"clients", "documents", "consents"}),
        ("editor", set()),
    ],
)
def test_every_role_opens_its_pages_and_no_other(role: str, open_pages: set[str], consent: Consent) -> None:
    browser = browser_of(person(role))
    for name, url in PAGES.items():
        assert browser.get(url).status_code == (200 if name in open_pages else 403), name


@pytest.mark.parametrize("url", PAGES.values())
def test_clients_and_guests_are_sent_to_the_sign_in_page(url: str) -> None:
    for browser in (Browser(), browser_of(person("client"))):
        response = browser.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_pages_of_single_records_open(owner: Browser, consent: Consent) -> None:
    for url in (
        f"/admin/identity/client/{consent.user_id}/change/",
        f"/admin/identity/user/{person('editor').pk}/change/",
        f"/admin/identity/consentdocument/{consent.document_id}/change/",
        f"/admin/identity/consent/{consent.pk}/change/",
    ):
        assert owner.get(url).status_code == 200, url


def test_the_evidence_of_a_consent_is_shown(owner: Browser, consent: Consent) -> None:
    page = owner.get(f"/admin/identity/consent/{consent.pk}/change/").content.decode()
    assert "192.0.2.7" in page
    assert "IP-адрес" in page


def test_nothing_of_consents_can_be_added_changed_or_deleted(owner: Browser, consent: Consent) -> None:
    for url in (
        "/admin/identity/consent/add/",
        f"/admin/identity/consent/{consent.pk}/delete/",
        "/admin/identity/consentdocument/add/",
        f"/admin/identity/consentdocument/{consent.document_id}/delete/",
    ):
        assert owner.post(url, {"post": "yes"}).status_code == 403, url
    assert (
        owner.post(f"/admin/identity/consent/{consent.pk}/change/", {"status": "declined"}).status_code == 403
    )
    assert (Consent.objects.count(), ConsentDocument.objects.count()) == (1, 1)


def test_lists_cost_the_same_number_of_statements_however_long(owner: Browser, consent: Consent) -> None:
    def statements(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(url).status_code == 200
        return len(queries)

    owner.get("/admin/")  # what the sidebar counts is cached from here on
    few = {url: statements(url) for url in PAGES.values()}
    for _ in range(10):
        person()
        person("editor")
        facade.grant_consents(
            user_id=person().pk,
            grants=[("personal_data", "1.0")],
            channel="web",
            evidence={"ip": "192.0.2.1"},
            at=timezone.now(),
        )
    assert {url: statements(url) for url in PAGES.values()} == few
    assert max(few.values()) <= 8


@pytest.mark.parametrize(
    "term", ["петрова", "900 111-22-33", "8 (900) 111-22-33", "+79001112233", "Olga@Example.ru"]
)
def test_a_client_is_found_by_name_and_contacts(owner: Browser, consent: Consent, term: str) -> None:
    found = owner.get(PAGES["clients"], {"q": term}).context["cl"].queryset
    assert consent.user_id in {client.pk for client in found}
    assert not owner.get(PAGES["clients"], {"q": "никого"}).context["cl"].queryset


def test_a_client_is_added_by_a_command(owner: Browser) -> None:
    url = PAGES["clients"] + "register/"
    assert owner.get(url).status_code == 200
    assert not Client.objects.filter(role="client").exists()

    response = dialog(
        owner, url, display_name="Ирина Соколова", email="Irina@Example.ru", phone="8 900 1112233"
    )

    client = Client.objects.get(role="client")
    assert response.status_code == 302
    assert response["Location"] == f"/admin/identity/client/{client.pk}/change/"
    assert (client.email, client.phone) == ("irina@example.ru", "+79001112233")


def test_a_refusal_is_shown_in_the_dialog_and_keeps_what_was_typed(owner: Browser) -> None:
    response = dialog(owner, PAGES["clients"] + "register/", display_name="Ирина", email="irina@", phone="")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Укажите верный адрес электронной почты." in page
    assert "Ирина" in page
    assert not Client.objects.filter(role="client").exists()


def test_a_clients_details_are_corrected_and_the_log_keeps_no_personal_data(owner: Browser) -> None:
    client = person(display_name="Ольга", email="olga@example.ru")
    url = f"/admin/identity/client/{client.pk}/correct/"
    assert "olga@example.ru" in owner.get(url).content.decode()

    dialog(owner, url, display_name="Ольга П.", email="olga2@example.ru", phone="", time_zone="Asia/Omsk")

    client.refresh_from_db()
    assert (client.display_name, client.email, client.time_zone) == (
        "Ольга П.",
        "olga2@example.ru",
        "Asia/Omsk",
    )
    record = AuditRecord.objects.get(action="client_changed")
    assert record.changes == {"fields": [None, ["display_name", "email", "time_zone"]]}


def test_a_contact_that_somebody_else_has_is_refused(owner: Browser) -> None:
    person(email="taken@example.ru")
    client = person(email="olga@example.ru")
    page = dialog(
        owner,
        f"/admin/identity/client/{client.pk}/correct/",
        display_name="Ольга",
        email="taken@example.ru",
        phone="",
        time_zone="Europe/Moscow",
    ).content.decode()
    assert "Этот контакт уже есть у другого человека." in page
    assert Client.objects.get(pk=client.pk).email == "olga@example.ru"


def test_blocking_a_client_ends_their_sessions_and_can_be_undone(owner: Browser) -> None:
    client = person()
    ApiSession.objects.create(
        token_hash="0" * 64,
        user=client,
        created_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
        last_seen_at=timezone.now(),
    )
    dialog(owner, f"/admin/identity/client/{client.pk}/block/")
    assert User.objects.get(pk=client.pk).status == "blocked"
    assert not ApiSession.objects.exists()
    dialog(owner, f"/admin/identity/client/{client.pk}/unblock/")
    assert User.objects.get(pk=client.pk).status == "active"
    assert list(
        AuditRecord.objects.filter(entity_id=str(client.pk)).order_by("id").values_list("action", flat=True)
    ) == [
        "user_blocked",
        "user_unblocked",
    ]


def test_a_role_changes_through_a_dialog_with_a_reason_and_is_written_down(owner: Browser) -> None:
    editor = person("editor")
    theirs = browser_of(editor)
    url = f"/admin/identity/user/{editor.pk}/change_role/"
    assert owner.get(url).status_code == 200
    assert User.objects.get(pk=editor.pk).role == "editor"

    dialog(owner, url, role="assistant", reason="Теперь ведёт запись")

    assert User.objects.get(pk=editor.pk).role == "assistant"
    record = AuditRecord.objects.get(action="role_changed")
    assert record.changes == {"role": ["editor", "assistant"], "reason": [None, "Теперь ведёт запись"]}
    assert record.role == "owner"
    assert theirs.get("/admin/identity/client/").status_code == 302  # signed out


def test_nobody_changes_their_own_role(owner: Browser) -> None:
    me = User.objects.get(role="owner")
    page = dialog(owner, f"/admin/identity/user/{me.pk}/change_role/", role="editor", reason="Устала")
    assert "Нельзя изменить собственную роль" in page.content.decode()
    assert User.objects.get(pk=me.pk).role == "owner"


@pytest.mark.parametrize("role", ["assistant", "editor"])
def test_only_owners_manage_staff(role: str) -> None:
    editor = person("editor")
    browser = browser_of(person(role))
    paths = ("change_role", "invite_again", "cancel_invitation", "reset_second_factors", "block", "unblock")
    for path in paths:
        url = f"/admin/identity/user/{editor.pk}/{path}/"
        assert dialog(browser, url, role="owner", reason="x").status_code == 403
    assert dialog(browser, PAGES["staff"] + "invite/").status_code == 403
    assert User.objects.get(pk=editor.pk).role == "editor"


def test_an_assistant_blocks_clients_but_nobody_of_the_practice() -> None:
    boss = person("owner")
    person("owner")
    page = dialog(browser_of(person("assistant")), f"/admin/identity/client/{boss.pk}/block/")
    assert "Такого человека нет." in page.content.decode()
    assert User.objects.get(pk=boss.pk).status == "active"


@pytest.mark.parametrize("object_id", ["nobody", "00000000-0000-0000-0000-000000000000", "a%00b"])
@pytest.mark.parametrize("command", ["correct", "block", "unblock"])
def test_commands_on_nobody_change_nothing(owner: Browser, object_id: str, command: str) -> None:
    url = f"/admin/identity/client/{object_id}/{command}/"
    assert owner.get(url).status_code in {200, 302, 403, 404}
    answers = {"display_name": "А", "email": "a@example.ru", "phone": "", "time_zone": "Europe/Moscow"}
    assert dialog(owner, url, **answers).status_code in {200, 302, 403, 404}
    assert not AuditRecord.objects.exclude(action="staff_signed_in").exists()


def test_an_editor_runs_no_command_on_clients() -> None:
    client = person()
    browser = browser_of(person("editor"))
    for path in ("correct", "block", "unblock"):
        assert dialog(browser, f"/admin/identity/client/{client.pk}/{path}/").status_code == 403
    assert dialog(browser, PAGES["clients"] + "register/").status_code == 403


def test_every_command_of_identity_and_audit_has_a_dialog_and_permissions() -> None:
    found = 0
    for model, model_admin in site._registry.items():
        if model._meta.app_label not in {"identity", "audit"}:
            continue
        names = [*(model_admin.actions_list or ()), *(model_admin.actions_detail or ())]
        for kind in ("actions", "actions_row", "actions_submit_line"):
            assert not getattr(model_admin, kind), kind
        for name in names:
            command: Callable[..., object] = getattr(model_admin, name)
            assert getattr(command, "dialog", None), name
            assert getattr(command, "allowed_permissions", None), name
            found += 1
    assert found == 17
