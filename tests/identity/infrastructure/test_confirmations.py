"""Codes that prove a step, over the real table."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.utils import timezone

from apps.identity import facade
from apps.identity.domain.confirmation import (
    LETTERS_PER_ADDRESS,
    REQUESTS_PER_PERSON,
    ConfirmationCodeInvalid,
    NoAddressForCode,
    TooManyConfirmations,
)
from apps.identity.models import Confirmation, User
from apps.kernel.application.retention import rule_of
from apps.kernel.infrastructure import retention

pytestmark = pytest.mark.django_db

PURPOSE = "erase_diary"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.ru", display_name="Анна")


def ask(person: User, purpose: str = PURPOSE, email: str | None = None) -> UUID:
    return facade.request_confirmation(user_id=person.pk, purpose=purpose, email=email, at=timezone.now())


def code_for(confirmation_id: UUID) -> str:
    letter = facade.issue_confirmation_code(confirmation_id=confirmation_id)
    assert letter is not None
    return letter.code


def accept(person: User, confirmation_id: UUID, code: str, purpose: str = PURPOSE) -> None:
    facade.accept_confirmation(
        confirmation_id=confirmation_id, user_id=person.pk, purpose=purpose, code=code, at=timezone.now()
    )


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_goes_to_the_person_and_proves_the_step_once(anna: User) -> None:
    step = ask(anna)
    letter = facade.issue_confirmation_code(confirmation_id=step)
    assert letter is not None
    assert (letter.email, letter.purpose, letter.language) == ("anna@example.ru", PURPOSE, "ru")
    assert letter.lifetime_minutes == 10
    accept(anna, step, f" {letter.code[:3]}-{letter.code[3:]} ")
    with pytest.raises(ConfirmationCodeInvalid):
        accept(anna, step, letter.code)
    assert facade.issue_confirmation_code(confirmation_id=step) is None


def test_a_code_goes_where_it_was_asked_to_go(anna: User) -> None:
    letter = facade.issue_confirmation_code(confirmation_id=ask(anna, email=" New@Example.RU "))
    assert letter is not None
    assert letter.email == "new@example.ru"


def test_five_wrong_tries_lock_a_code_for_good(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    for _try in range(5):
        with pytest.raises(ConfirmationCodeInvalid):
            accept(anna, step, wrong(code))
    with pytest.raises(ConfirmationCodeInvalid):
        accept(anna, step, code)
    assert facade.issue_confirmation_code(confirmation_id=step) is None


def test_the_fifth_try_may_still_be_the_right_one(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    for _try in range(4):
        with pytest.raises(ConfirmationCodeInvalid):
            accept(anna, step, wrong(code))
    accept(anna, step, code)


def test_a_code_lives_for_ten_minutes(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=2)),
        pytest.raises(ConfirmationCodeInvalid),
    ):
        accept(anna, step, code)


def test_a_new_request_kills_the_code_before_but_not_those_for_other_steps(anna: User) -> None:
    first, other = ask(anna), ask(anna, "erase_account")
    first_code, other_code = code_for(first), code_for(other)
    ask(anna)
    with pytest.raises(ConfirmationCodeInvalid):
        accept(anna, first, first_code)
    accept(anna, other, other_code, "erase_account")


def test_a_code_that_is_made_anew_replaces_the_one_before(anna: User) -> None:
    step = ask(anna)
    before, code = code_for(step), code_for(step)
    if before != code:
        with pytest.raises(ConfirmationCodeInvalid):
            accept(anna, step, before)
    accept(anna, step, code)


def test_a_code_serves_nobody_else_and_nothing_else_and_its_tries_are_not_spent(anna: User) -> None:
    boris = User.objects.create_user("boris@example.ru")
    step = ask(anna)
    code = code_for(step)
    for person, purpose in [(boris, PURPOSE), (anna, "erase_account")] * 3:
        with pytest.raises(ConfirmationCodeInvalid):
            accept(person, step, code, purpose)
    with pytest.raises(ConfirmationCodeInvalid):
        accept(anna, uuid4(), code)
    accept(anna, step, code)


def test_no_code_fits_before_one_was_sent(anna: User) -> None:
    step = ask(anna)
    for guess in ("", "000000"):
        with pytest.raises(ConfirmationCodeInvalid):
            accept(anna, step, guess)


def test_one_person_asks_for_ten_codes_an_hour(anna: User) -> None:
    now = timezone.now().replace(minute=1)
    with time_machine.travel(now, tick=False):
        for _request in range(REQUESTS_PER_PERSON):
            ask(anna)
        with pytest.raises(TooManyConfirmations):
            ask(anna, "erase_account")
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        ask(anna)


def test_a_foreign_address_gets_five_letters_an_hour_whoever_asks_and_nobody_is_told() -> None:
    people = [User.objects.create_user(f"person{each}@example.ru") for each in range(3)]
    with time_machine.travel(timezone.now().replace(minute=1), tick=False):
        steps = [ask(people[each % 3], email="victim@example.ru") for each in range(LETTERS_PER_ADDRESS + 2)]
        letters = [
            facade.issue_confirmation_code(confirmation_id=each) for each in steps[LETTERS_PER_ADDRESS - 1 :]
        ]
        assert [letter is not None for letter in letters] == [True, False, False]


def test_people_without_an_address_are_told_to_add_one() -> None:
    person = User.objects.create_user(phone="+79123456789")
    with pytest.raises(NoAddressForCode):
        ask(person)


@pytest.mark.parametrize("status", ["blocked", "deleted"])
def test_whoever_is_not_active_any_more_gets_no_code(anna: User, status: str) -> None:
    step = ask(anna)
    anna.status = status
    anna.save()
    assert facade.issue_confirmation_code(confirmation_id=step) is None


def test_neither_addresses_nor_codes_are_kept_readable(anna: User) -> None:
    code = code_for(ask(anna, email="new@example.ru"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(step)::text, '') FROM identity_confirmation AS step")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(args::text, ''), '') FROM procrastinate_jobs")
        queued = cursor.fetchone()[0]
    for secret in (code, "new@example", "anna"):
        assert secret not in kept
        assert secret not in queued


def test_a_code_is_not_taken_inside_a_unit_of_work_that_its_error_would_undo(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    with pytest.raises(RuntimeError, match="before the unit of work"), transaction.atomic():
        accept(anna, step, code)
    accept(anna, step, code)


def test_steps_are_forgotten_after_three_days(anna: User) -> None:
    step = ask(anna)
    Confirmation.objects.filter(pk=step).update(requested_at=timezone.now() - timedelta(days=3))
    retention.apply(rule_of("confirmations"), at=timezone.now())
    assert Confirmation.objects.count() == 1
    Confirmation.objects.filter(pk=step).update(requested_at=timezone.now() - timedelta(days=3, hours=2))
    retention.apply(rule_of("confirmations"), at=timezone.now())
    assert Confirmation.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_the_code_at_once_one_gets_through(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    gate = threading.Barrier(4)

    def bring() -> bool:
        try:
            gate.wait()
            accept(anna, step, code)
        except ConfirmationCodeInvalid:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = [each.result() for each in [pool.submit(bring) for _caller in range(4)]]
    assert sorted(outcomes) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_all_counted(anna: User) -> None:
    step = ask(anna)
    code = code_for(step)
    gate = threading.Barrier(5)

    def guess() -> None:
        try:
            gate.wait()
            with pytest.raises(ConfirmationCodeInvalid):
                accept(anna, step, wrong(code))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        for each in [pool.submit(guess) for _caller in range(5)]:
            each.result()
    with pytest.raises(ConfirmationCodeInvalid):
        accept(anna, step, code)
