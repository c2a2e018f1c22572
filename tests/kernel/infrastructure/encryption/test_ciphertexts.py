"""The commands that walk all ciphertexts: count, open, seal anew; none of them shows a text."""

from collections.abc import Callable
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from apps.booking.infrastructure.models import WaitlistRequest
from apps.kernel.infrastructure import ciphertexts
from apps.kernel.infrastructure.encryption import person_keys, scheme_of
from apps.kernel.infrastructure.fields import EncryptedField
from tests.booking.factories import consented_client, make_client, make_service, make_waitlist_request

pytestmark = pytest.mark.django_db

NAME = "booking.waitlistrequest.name"


def told(command: str, **options: object) -> str:
    out = StringIO()
    call_command(f"encryption_{command}", stdout=out, stderr=out, **options)
    return out.getvalue()


def column(label: str) -> ciphertexts.Column:
    return next(each for each in ciphertexts.columns() if str(each) == label)


def put(request: WaitlistRequest, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booking_waitlistrequest SET name = %s WHERE id = %s", [name, request.pk])


def token_of(request: WaitlistRequest) -> str:
    return WaitlistRequest.objects.values_list("name", flat=True).get(pk=request.pk).token


def legacy(text: str) -> str:
    return Fernet(django_settings.ENCRYPTION_KEYS[0]).encrypt(text.encode()).decode()


@pytest.fixture
def requests() -> list[WaitlistRequest]:
    service = make_service()
    return [
        make_waitlist_request(service=service, client=make_client(), name=f"Имя {number}")
        for number in range(3)
    ]


def test_every_encrypted_field_of_every_table_is_walked() -> None:
    known = {
        (model, field)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedField) and not model._meta.proxy
    }
    assert {(each.model, each.field) for each in ciphertexts.columns()} == known
    assert {"booking.intakeform.answers", "identity.consent.evidence", NAME} <= set(
        map(str, ciphertexts.columns())
    )


def test_all_is_well(requests: list[WaitlistRequest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ciphertexts, "BATCH", 2)
    shown = told("verify")
    assert f"{NAME}: 3 open, 0 lost with their person's key, 0 failed" in shown
    assert "Имя" not in shown


def test_what_does_not_open_is_counted_and_fails(requests: list[WaitlistRequest]) -> None:
    put(requests[0], token_of(requests[1]))
    person_keys().destroy(requests[2].client_id, at=timezone.now())
    out = StringIO()
    with pytest.raises(CommandError, match="1 ciphertexts do not open"):
        call_command("encryption_verify", stdout=out)
    assert f"{NAME}: 1 open, 1 lost with their person's key, 1 failed" in out.getvalue()


def test_the_report_tells_what_is_under_which_key(requests: list[WaitlistRequest]) -> None:
    put(requests[0], legacy("Имя"))
    put(requests[1], "nonsense")
    person_keys().destroy(requests[2].client_id, at=timezone.now())
    shown = told("report")
    section = shown.split(f"{NAME}\n")[1].splitlines()[:3]
    assert section == ["  envelope destroyed: 1", "  legacy: 1", "  unreadable: 1"]
    assert "adapter: envelope; generations at hand: testing" in shown
    assert "  destroyed: 1" in shown


def test_texts_of_earlier_versions_are_sealed_anew_and_need_the_old_keys_no_more(
    requests: list[WaitlistRequest], restart: Callable[..., None]
) -> None:
    put(requests[0], legacy("Из прошлого"))
    before = token_of(requests[1])
    shown = told("reencrypt")
    assert f"{NAME}: 1 sealed anew, 0 changed meanwhile, 0 failed" in shown
    assert token_of(requests[1]) == before
    restart(ENCRYPTION_KEYS=[])
    assert WaitlistRequest.objects.get(pk=requests[0].pk).name == "Из прошлого"
    assert f"{NAME}: 0 sealed anew" in told("reencrypt")


def test_the_other_adapter_takes_over_and_hands_back(
    requests: list[WaitlistRequest], restart: Callable[..., None]
) -> None:
    for adapter in ("fernet", "envelope"):
        restart(ENCRYPTION_ADAPTER=adapter)
        assert f"{NAME}: 3 sealed anew" in told("reencrypt")
        assert {scheme_of(token_of(each)) for each in requests} == {adapter}
        assert WaitlistRequest.objects.get(pk=requests[0].pk).name == "Имя 0"
    before = token_of(requests[0])
    assert f"{NAME}: 3 sealed anew" in told("reencrypt", everything=True)
    assert token_of(requests[0]) != before


def test_what_somebody_writes_meanwhile_is_left_alone(
    requests: list[WaitlistRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(requests[0], legacy("Старое"))

    def overtaken(rows: list[WaitlistRequest]) -> None:
        row = WaitlistRequest.objects.get(pk=requests[0].pk)
        row.name = "Новое"
        row.save()

    monkeypatch.setattr(ciphertexts, "preload_keys", overtaken)
    assert ciphertexts.reseal(column(NAME)) == ciphertexts.Resealed(done=0, overtaken=1)
    assert WaitlistRequest.objects.get(pk=requests[0].pk).name == "Новое"


def test_what_cannot_be_opened_is_not_touched(requests: list[WaitlistRequest]) -> None:
    put(requests[0], "gAAAAABnonsense")
    with pytest.raises(CommandError, match="1 ciphertexts do not open"):
        told("reencrypt")
    assert token_of(requests[0]) == "gAAAAABnonsense"


def test_tables_that_only_grow_stay_as_they_are() -> None:
    consented_client()
    assert "identity.consent.evidence: append-only, stays as it is" in told("reencrypt")
    assert not ciphertexts.is_append_only(column(NAME))
