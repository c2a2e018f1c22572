"""Every way between the states of an appointment: those that exist, and those that do not."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import product
from uuid import UUID

import pytest

from apps.booking.domain.appointment import Appointment
from apps.booking.domain.cancellation import CanceledBy
from apps.booking.domain.lifecycle import (
    ACTIVE,
    ALLOWED,
    AlreadyCanceled,
    AppointmentStatus,
    PaymentNotTaken,
    TransitionNotAllowed,
)
from apps.booking.domain.outcome import Outcome, ReasonCategory
from apps.booking.domain.outside_payment import PaymentMethod
from apps.kernel.domain.errors import DomainError
from tests.booking.domain_objects import (
    CLIENT_ID,
    FREE,
    HOUR,
    LATER,
    MINUTE,
    NOW,
    OWNER_ID,
    PRICE,
    START,
    counted_ids,
    in_state,
    requested,
)

S = AppointmentStatus


@dataclass(frozen=True)
class Command:
    """What may be done to an appointment, when, and where it leads from which state."""

    name: str
    run: Callable[[Appointment, datetime], object]
    now: datetime
    leads: dict[AppointmentStatus, AppointmentStatus]
    refusal: type[DomainError] = TransitionNotAllowed


def _outcome(outcome: Outcome) -> Callable[[Appointment, datetime], object]:
    return lambda appointment, now: appointment.record_outcome(
        outcome=outcome,
        reason=ReasonCategory.OTHER,
        notes="",
        actor_id=OWNER_ID,
        new_id=counted_ids(),
        now=now,
    )


def _cancel(by: CanceledBy) -> Callable[[Appointment, datetime], object]:
    return lambda appointment, now: appointment.cancel(
        by=by, reason=ReasonCategory.HEALTH, actor_id=CLIENT_ID, new_id=counted_ids(), now=now
    )


def _receive(appointment: Appointment, now: datetime) -> object:
    return appointment.receive_payment(
        payment_id=PAYMENT_ID, amount=PRICE, slot_is_free=True, new_id=counted_ids(), now=now
    )


PAYMENT_ID = UUID(int=77)
CANCELABLE = {S.REQUESTED: S.DECLINED, S.PENDING_PAYMENT: S.CANCELED, S.CONFIRMED: S.CANCELED}
COMMANDS = [
    Command(
        "accept",
        lambda appointment, now: appointment.accept(new_id=counted_ids(), now=now),
        NOW,
        {S.REQUESTED: S.PENDING_PAYMENT},
    ),
    Command(
        "decline",
        lambda appointment, now: appointment.decline(by="specialist", new_id=counted_ids(), now=now),
        NOW,
        {S.REQUESTED: S.DECLINED},
    ),
    Command(
        "extend the hold",
        lambda appointment, now: appointment.extend_hold(new_id=counted_ids(), now=now),
        NOW,
        {S.PENDING_PAYMENT: S.PENDING_PAYMENT},
    ),
    Command(
        "expire",
        lambda appointment, now: appointment.expire(new_id=counted_ids(), now=now),
        NOW + 20 * MINUTE,
        {S.PENDING_PAYMENT: S.EXPIRED},
    ),
    Command(
        "pay",
        lambda appointment, now: appointment.record_outside_payment(
            amount=PRICE, method=PaymentMethod.TRANSFER, new_id=counted_ids(), now=now
        ),
        NOW,
        {S.PENDING_PAYMENT: S.CONFIRMED},
    ),
    Command("pay through the provider", _receive, NOW, {S.PENDING_PAYMENT: S.CONFIRMED}, PaymentNotTaken),
    Command(
        "pay late through the provider",
        _receive,
        NOW + 20 * MINUTE,
        {S.PENDING_PAYMENT: S.CONFIRMED, S.EXPIRED: S.CONFIRMED},
        PaymentNotTaken,
    ),
    Command(
        "move",
        lambda appointment, now: appointment.reschedule(
            start=LATER, by=CanceledBy.CLIENT, actor_id=CLIENT_ID, new_id=counted_ids(), now=now
        ),
        NOW,
        {S.CONFIRMED: S.CONFIRMED},
    ),
    Command("cancel by the client", _cancel(CanceledBy.CLIENT), NOW, CANCELABLE),
    Command("cancel by the specialist", _cancel(CanceledBy.SPECIALIST), NOW, CANCELABLE),
    Command("attended", _outcome(Outcome.ATTENDED), START + HOUR, {S.CONFIRMED: S.COMPLETED}),
    Command("no-show", _outcome(Outcome.NO_SHOW), START + HOUR, {S.CONFIRMED: S.NO_SHOW}),
    Command(
        "canceled by the client, as an outcome",
        _outcome(Outcome.CANCELED_BY_CLIENT),
        START + HOUR,
        {S.CONFIRMED: S.CANCELED},
    ),
    Command(
        "canceled by the specialist, as an outcome",
        _outcome(Outcome.CANCELED_BY_PROVIDER),
        START + HOUR,
        {S.CONFIRMED: S.CANCELED},
    ),
]
WAYS = [(command, status) for command, status in product(COMMANDS, S) if status in command.leads]
# Confirmed and completed appointments may still be paid up to their price, and an ended hold while its time
# is free: that has its own tests.
STILL_PAID = {
    ("pay", S.CONFIRMED),
    ("pay", S.COMPLETED),
    ("pay through the provider", S.EXPIRED),
}
DEAD_ENDS = [
    (command, status)
    for command, status in product(COMMANDS, S)
    if status not in command.leads and (command.name, status) not in STILL_PAID
]


def _name(value: object) -> str:
    return value.name if isinstance(value, Command) else str(value)


def _state(appointment: Appointment) -> dict[str, object]:
    return {each.name: deepcopy(getattr(appointment, each.name)) for each in fields(appointment)}


@pytest.mark.parametrize(("command", "status"), WAYS, ids=_name)
def test_a_command_leads_where_the_table_says(command: Command, status: AppointmentStatus) -> None:
    appointment = in_state(status)
    command.run(appointment, command.now)
    assert appointment.status is command.leads[status]
    assert appointment.pending_events


@pytest.mark.parametrize(("command", "status"), DEAD_ENDS, ids=_name)
def test_a_command_out_of_place_is_refused_and_changes_nothing(
    command: Command, status: AppointmentStatus
) -> None:
    appointment = in_state(status)
    before = _state(appointment)
    with pytest.raises(command.refusal):
        command.run(appointment, command.now)
    assert _state(appointment) == before


def test_the_commands_together_walk_every_allowed_way_and_no_other() -> None:
    free_accepted = {(S.REQUESTED, S.CONFIRMED)}
    walked = {(status, command.leads[status]) for command, status in WAYS} | free_accepted
    extended = {(S.PENDING_PAYMENT, S.PENDING_PAYMENT)}
    assert walked - extended == {(old, new) for old, followers in ALLOWED.items() for new in followers}


def test_a_free_request_is_confirmed_as_soon_as_it_is_accepted() -> None:
    appointment = requested(of=FREE)
    appointment.accept(new_id=counted_ids(), now=NOW)
    assert appointment.status is S.CONFIRMED
    assert appointment.answer_due_at is None


@pytest.mark.parametrize(("old", "new"), list(product(S, S)), ids=str)
def test_no_pair_of_states_outside_the_table_is_ever_passed(
    old: AppointmentStatus, new: AppointmentStatus
) -> None:
    appointment = in_state(old)
    if new in ALLOWED[old]:
        appointment._move(new)
        assert appointment.status is new
    else:
        with pytest.raises(TransitionNotAllowed) as refusal:
            appointment._move(new)
        assert refusal.value.params == {"status": old.value, "target": new.value}
        assert appointment.status is old


def test_the_table_knows_every_state() -> None:
    assert set(ALLOWED) == set(S)


def test_what_is_active_is_what_can_still_change_and_an_ended_hold_only_comes_back_by_late_money() -> None:
    assert {status for status, followers in ALLOWED.items() if followers} == ACTIVE | {S.EXPIRED}
    assert {command.name for command, status in WAYS if status is S.EXPIRED} == {
        "pay late through the provider"
    }


@pytest.mark.parametrize("status", S, ids=str)
def test_an_appointment_knows_whether_it_takes_time(status: AppointmentStatus) -> None:
    assert in_state(status).is_active is (status in ACTIVE)


@pytest.mark.parametrize("by", CanceledBy, ids=str)
def test_canceling_twice_says_that_it_is_canceled_already(by: CanceledBy) -> None:
    with pytest.raises(AlreadyCanceled):
        in_state(S.CANCELED).preview_cancellation(by=by, now=NOW)
