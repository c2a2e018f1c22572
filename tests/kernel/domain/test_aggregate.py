"""Aggregates record events, and hand them out once."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound
from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class LampLit(DomainEvent):
    pass


@dataclass(kw_only=True, eq=False)
class Lamp(Aggregate):
    lit: bool


def event(number: int) -> LampLit:
    return LampLit(event_id=UUID(int=number), occurred_at=datetime(2026, 12, 1, tzinfo=UTC))


def test_events_come_out_in_order_and_only_once() -> None:
    lamp = Lamp(lit=True)
    lamp.record(event(1))
    lamp.record(event(2))
    assert lamp.pending_events == (event(1), event(2))
    assert lamp.pull_events() == [event(1), event(2)]
    assert lamp.pull_events() == []
    assert lamp.pending_events == ()


def test_two_aggregates_do_not_share_events() -> None:
    first, second = Lamp(lit=True), Lamp(lit=True)
    first.record(event(1))
    assert second.pending_events == ()


def test_an_aggregate_is_equal_to_itself_only() -> None:
    lamp, same_looking = Lamp(lit=True), Lamp(lit=True)
    assert {lamp, lamp, same_looking} == {lamp, same_looking}
    assert lamp != same_looking


def test_an_event_is_called_by_its_class() -> None:
    assert LampLit.name() == "LampLit"


def test_an_error_is_a_sentence_with_its_numbers_filled_in() -> None:
    class TooDark(DomainError):
        code = "too_dark"
        message = "Only %(left)d lamps are lit."

    error = TooDark(field="lamps", left=2)
    assert str(error) == "Only 2 lamps are lit."
    assert (error.code, error.field, error.params) == ("too_dark", "lamps", {"left": 2})
    assert str(NotFound()) == "Not found."
