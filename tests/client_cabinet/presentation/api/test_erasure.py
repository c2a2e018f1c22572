"""Erasing over HTTP: the plan, the code, the proof."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.audit.infrastructure.models import AuditRecord
from apps.client_cabinet.infrastructure.models import (
    DestructionAct,
    DiaryEntry,
    ErasureRequest,
    SubjectRequest,
    Tombstone,
)
from apps.identity.infrastructure.models import ApiSession, Consent, User
from apps.kernel.infrastructure.models import IdempotencyRecord, PersonKey
from tests.booking.factories import consented_client, make_appointment, make_client, make_staff, signed_in
from tests.client_cabinet.erasing import BASE, code_for, confirmed, erased, started
from tests.client_cabinet.rows import diarist, make_entry, make_favourite, make_material
from tests.payments.rows import make_payment

pytestmark = pytest.mark.django_db


def plan(api, **query):
    return api.get(f"{BASE}plan/", query)


# --- the plan ---


def test_the_plan_of_an_account_tells_what_goes_and_what_the_law_keeps():
    person = consented_client()
    make_entry(person)
    appointment = make_appointment(client=person, status="completed")
    make_payment(appointment, status="succeeded")

    told = plan(signed_in(person), scope="account").json()

    assert told["is_possible"] is True
    assert told["obstacles"] == []
    going = {each["section"]: each["count"] for each in told["going"]}
    assert going["profile"] == 1
    assert going["appointments"] == 1
    assert going["sessions"] == 1
    assert not {"consents", "activity"} & going.keys()
    assert {each["years"] for each in told["kept"]} == {3, 5}
    assert any("402-ФЗ" in each["ground"] for each in told["kept"])
    assert any("152-ФЗ" in each["ground"] for each in told["kept"])


def test_the_plan_of_diaries_counts_them_and_an_entry_counts_one():
    person = make_client()
    entries = [make_entry(person) for _ in range(3)]
    make_entry()
    api = signed_in(person)

    assert [each["count"] for each in plan(api, scope="diaries").json()["going"]] == [3]
    assert [each["count"] for each in plan(api, scope="entry", entry_id=entries[0].pk).json()["going"]] == [1]


@pytest.mark.parametrize(
    "query",
    [{}, {"scope": "everything"}, {"scope": "entry", "entry_id": "7"}],
    ids=["no scope", "unknown scope", "malformed id"],
)
def test_a_plan_of_nonsense_is_refused(query):
    assert plan(signed_in(make_client()), **query).status_code == 422


@pytest.mark.parametrize(
    "query",
    [{"scope": "entry"}, {"scope": "account", "entry_id": str(uuid4())}],
    ids=["entry not named", "entry named in vain"],
)
def test_an_entry_is_named_with_its_scope_and_only_with_it(query):
    api = signed_in(make_client())

    assert plan(api, **query).json()["code"] == "entry_required"
    assert api.post(BASE, query).json()["code"] == "entry_required"


def test_somebody_elses_entry_does_not_exist():
    entry, api = make_entry(), signed_in(make_client())

    assert plan(api, scope="entry", entry_id=entry.pk).status_code == 404
    assert api.post(BASE, {"scope": "entry", "entry_id": str(entry.pk)}).status_code == 404


# --- obstacles ---


@pytest.mark.parametrize(
    ("status", "start", "code"),
    [
        ("confirmed", timedelta(days=2), "appointment_ahead"),
        ("requested", timedelta(days=2), "appointment_ahead"),
        ("pending_payment", timedelta(days=2), "appointment_ahead"),
        ("confirmed", timedelta(hours=-1), "appointment_not_closed"),
    ],
    ids=["confirmed", "requested", "held", "begun"],
)
def test_a_contract_stands_against_an_erasure(status, start, code):
    person = consented_client()
    make_appointment(client=person, status=status, start=datetime.now(UTC) + start)
    api = signed_in(person)

    told = plan(api, scope="account").json()
    refused = api.post(BASE, {"scope": "account"})

    assert told["is_possible"] is False
    assert [each["code"] for each in told["obstacles"]] == [code]
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["obstacles"]) == ("erasure_obstructed", [code])
    assert not ErasureRequest.objects.exists()


@pytest.mark.parametrize("status", ["completed", "canceled", "expired", "declined", "no_show"])
def test_what_is_over_stands_against_nothing(status):
    person = consented_client()
    make_appointment(client=person, status=status)

    assert plan(signed_in(person), scope="account").json()["is_possible"] is True


@pytest.mark.parametrize("status", ["intent", "pending", "waiting_for_capture"])
def test_money_on_its_way_stands_against_an_erasure(status):
    person = consented_client()
    make_payment(make_appointment(client=person, status="expired"), status=status)

    assert [each["code"] for each in plan(signed_in(person), scope="account").json()["obstacles"]] == [
        "payment_in_flight"
    ]


def test_a_refund_that_is_due_stands_against_it_though_nobody_has_begun_it():
    person = consented_client()
    appointment = make_appointment(client=person, status="canceled", paid_minor=100_000, refund_minor=100_000)
    make_payment(appointment, status="succeeded", amount_minor=100_000)

    assert [each["code"] for each in plan(signed_in(person), scope="account").json()["obstacles"]] == [
        "refund_in_flight"
    ]


def test_what_came_up_between_code_and_confirmation_stops_it_and_the_code_stays_good():
    person = consented_client()
    api = signed_in(person)
    erasure = started(api)
    code = code_for(erasure)
    appointment = make_appointment(client=person, status="confirmed")

    refused = confirmed(api, erasure, code)

    assert (refused.status_code, refused.json()["code"]) == (409, "erasure_obstructed")
    assert User.objects.get(pk=person.pk).status == "active"
    type(appointment).objects.filter(pk=appointment.pk).update(status="canceled")
    assert confirmed(api, erasure, code).status_code == 200


# --- carrying it out ---


def test_an_erased_account_leaves_a_number_and_the_proof():
    person = diarist()
    make_entry(person)
    make_favourite(person)
    make_material(person)

    told = erased(person)

    act = DestructionAct.objects.get()
    assert told["act_number"] == act.pk
    assert told["key_destroyed"] is True
    assert {each["section"] for each in told["destroyed"]} >= {"profile", "sessions"}
    row = User.objects.get(pk=person.pk)
    assert (row.status, row.display_name, row.email, row.phone, row.telegram_id) == (
        "deleted",
        "",
        None,
        None,
        None,
    )
    assert not ApiSession.objects.filter(user=person).exists()
    assert not DiaryEntry.objects.filter(author=person).exists()
    assert PersonKey.objects.get(person=person.pk).destroyed_at is not None
    assert Tombstone.objects.get().person_id == person.pk
    assert (act.person_id, act.scope, act.reason, act.actor_id) == (
        person.pk,
        "account",
        "own_wish",
        person.pk,
    )


def test_the_withdrawal_of_every_consent_is_written_before_the_key_goes():
    person = diarist()

    erased(person)

    latest = Consent.objects.filter(user=person).order_by("purpose", "-at", "-id").distinct("purpose")
    assert {each.status for each in latest} == {"withdrawn"}


def test_an_erasure_is_in_the_log_and_in_the_register_as_fulfilled():
    person = make_client()

    told = erased(person)

    record = AuditRecord.objects.get(action="personal_data_erased")
    assert (record.actor_id, record.entity_id) == (person.pk, str(told["act_number"]))
    request = SubjectRequest.objects.get()
    assert (request.kind, request.channel, request.status) == ("withdrawal", "api", "erased")
    assert request.act_id == told["act_number"]


def test_one_entry_goes_alone_and_the_key_stays():
    person = diarist()
    gone, stays = make_entry(person), make_entry(person)
    api = signed_in(person)

    told = confirmed(api, started(api, "entry", entry_id=str(gone.pk))).json()

    assert [(each["section"], each["count"]) for each in told["destroyed"]] == [("diary", 1)]
    assert told["key_destroyed"] is False
    assert list(DiaryEntry.objects.filter(author=person)) == [stays]
    assert DiaryEntry.objects.get(pk=stays.pk).payload
    assert Tombstone.objects.get().entry_id == gone.pk


def test_all_diaries_go_and_the_account_stays():
    person, other = diarist(), make_entry()
    for kind in ("emotions", "abc", "gratitude"):
        make_entry(person, kind)
    api = signed_in(person)

    told = confirmed(api, started(api, "diaries")).json()

    assert [each["count"] for each in told["destroyed"]] == [3]
    assert list(DiaryEntry.objects.all()) == [other]
    assert api.get(f"{BASE}plan/", {"scope": "diaries"}).json()["going"][0]["count"] == 0


def test_an_entry_that_is_gone_meanwhile_is_told_and_leaves_no_act():
    person = diarist()
    entry = make_entry(person)
    api = signed_in(person)
    erasure = started(api, "entry", entry_id=str(entry.pk))
    code = code_for(erasure)
    entry.delete()

    assert confirmed(api, erasure, code).status_code == 404
    assert not DestructionAct.objects.exists()


def test_confirming_twice_gives_the_same_act():
    person = make_client()
    make_entry(person)
    api = signed_in(person)
    erasure = started(api, "diaries")
    code = code_for(erasure)

    first, second = confirmed(api, erasure, code), confirmed(api, erasure, code)

    assert first.json() == second.json()
    assert DestructionAct.objects.count() == 1


def test_after_the_erasure_the_session_is_over_and_nothing_of_its_calls_is_kept():
    person = make_client()
    api = signed_in(person)
    api.post(BASE, {"scope": "account"}, headers={"Idempotency-Key": "first"})
    erasure = started(api)

    confirmed(api, erasure)

    assert api.get(f"{BASE}plan/", {"scope": "account"}).status_code == 401
    assert not IdempotencyRecord.objects.filter(key="first").exists()


# --- codes ---


def test_a_wrong_code_erases_nothing_and_five_lock_the_right_one_out():
    person = make_client()
    api = signed_in(person)
    erasure = started(api)
    code = code_for(erasure)

    for _ in range(5):
        refused = confirmed(api, erasure, "0000-0000")
        assert refused.json()["code"] == "confirmation_code_invalid"

    assert confirmed(api, erasure, code).json()["code"] == "confirmation_code_invalid"
    assert User.objects.get(pk=person.pk).status == "active"


def test_the_code_of_a_smaller_erasure_does_not_serve_for_the_account():
    person = make_client()
    make_entry(person)
    api = signed_in(person)
    account, diaries = started(api), started(api, "diaries")

    assert confirmed(api, account, code_for(diaries)).json()["code"] == "confirmation_code_invalid"


def test_nobody_confirms_an_erasure_of_somebody_else():
    person, stranger = make_client(), make_client()
    erasure = started(signed_in(person))

    refused = confirmed(signed_in(stranger), erasure, code_for(erasure))

    assert refused.status_code == 404
    assert User.objects.get(pk=person.pk).status == "active"


def test_without_an_address_there_is_no_code_and_no_erasure():
    person = make_client(email=None, phone="+79123456780")

    refused = signed_in(person).post(BASE, {"scope": "account"})

    assert refused.json()["code"] == "email_needed"


@pytest.mark.parametrize("method", ["get", "post"])
def test_guests_and_staff_erase_nothing_here(client, method):
    address = f"{BASE}plan/?scope=account" if method == "get" else BASE

    assert getattr(client, method)(address).status_code == 401
    assert getattr(signed_in(make_staff()), method)(address).status_code == 403
