"""Events: told at once in memory, or through the queue with the fate of the transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import ValidationError

from apps.kernel.domain.events import DomainEvent
from apps.kernel.infrastructure import event_bus
from apps.kernel.infrastructure.event_bus import (
    InMemoryEventBus,
    QueuedEventBus,
    Subscription,
    Subscriptions,
    from_json,
    to_json,
)
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork


@dataclass(frozen=True, kw_only=True)
class DoorOpened(DomainEvent):
    door_id: UUID
    closes_at: datetime | None
    angle: int


@dataclass(frozen=True, kw_only=True)
class DoorClosed(DomainEvent):
    pass


NOON = datetime(2026, 12, 1, 12, 0, 0, 123456, tzinfo=UTC)
OPENED = DoorOpened(event_id=UUID(int=1), occurred_at=NOON, door_id=UUID(int=2), closes_at=None, angle=90)
CLOSED = DoorClosed(event_id=UUID(int=3), occurred_at=NOON)


@pytest.fixture
def heard() -> list[tuple[str, DomainEvent]]:
    return []


@pytest.fixture
def registry(heard: list[tuple[str, DomainEvent]]) -> Subscriptions:
    def ear(name: str, event: type[DomainEvent]) -> Subscription:
        return Subscription(event=event, name=name, handler=lambda told: heard.append((name, told)))

    registry = Subscriptions()
    registry.add([ear("porter", DoorOpened), ear("guard", DoorOpened), ear("cook", DoorClosed)])
    return registry


class TestSubscriptions:
    def test_two_of_one_name_are_refused(self, registry: Subscriptions) -> None:
        with pytest.raises(ValueError, match="porter"):
            registry.add([Subscription(event=DoorClosed, name="porter", handler=print)])

    def test_one_is_found_by_its_name(self, registry: Subscriptions) -> None:
        assert registry.named("cook").event is DoorClosed
        with pytest.raises(KeyError):
            registry.named("nobody")

    def test_nobody_hears_what_nobody_asked_for(self) -> None:
        assert Subscriptions().of(OPENED) == []


class TestInMemory:
    def test_every_subscriber_hears_its_events_in_order(self, registry: Subscriptions, heard: list) -> None:
        InMemoryEventBus(registry).publish([OPENED, CLOSED])
        assert heard == [("porter", OPENED), ("guard", OPENED), ("cook", CLOSED)]

    def test_a_failing_subscriber_fails_the_publisher(self, registry: Subscriptions) -> None:
        def fail(event: Any) -> None:
            raise RuntimeError(event.name())

        registry.add([Subscription(event=DoorClosed, name="clumsy", handler=fail)])
        with pytest.raises(RuntimeError, match="DoorClosed"):
            InMemoryEventBus(registry).publish([CLOSED])


class TestJson:
    @pytest.mark.parametrize("closes_at", [None, NOON])
    def test_an_event_survives_being_stored(self, closes_at: datetime | None) -> None:
        event = DoorOpened(
            event_id=UUID(int=1), occurred_at=NOON, door_id=UUID(int=2), closes_at=closes_at, angle=-1
        )
        assert from_json(DoorOpened, to_json(event)) == event

    def test_data_that_do_not_fit_are_refused(self) -> None:
        with pytest.raises(ValidationError):
            from_json(DoorOpened, to_json(CLOSED))


@pytest.mark.django_db(transaction=True)
class TestThroughTheQueue:
    @pytest.fixture(autouse=True)
    def _this_registry(self, registry: Subscriptions, monkeypatch: pytest.MonkeyPatch) -> None:
        from apps.kernel.infrastructure import tasks

        monkeypatch.setattr(tasks, "subscriptions", registry)
        monkeypatch.setattr(event_bus, "subscriptions", registry)

    def test_each_subscriber_gets_a_job_of_its_own(self, registry: Subscriptions) -> None:
        QueuedEventBus(registry).publish([OPENED, CLOSED])
        jobs = ProcrastinateJob.objects.filter(task_name="kernel.deliver_event").order_by("id")
        assert [job.args["subscriber"] for job in jobs] == ["porter", "guard", "cook"]
        assert {job.queue_name for job in jobs} == {"events"}
        assert jobs[0].args["event"] == to_json(OPENED)

    def test_events_leave_only_if_the_transaction_commits(self, registry: Subscriptions) -> None:
        def tell_and_fail() -> None:
            with DjangoUnitOfWork()():
                QueuedEventBus(registry).publish([OPENED])
                raise RuntimeError("refused")

        with pytest.raises(RuntimeError, match="refused"):
            tell_and_fail()
        assert not ProcrastinateJob.objects.exists()

    def test_what_nobody_hears_leaves_no_job(self) -> None:
        QueuedEventBus(Subscriptions()).publish([OPENED])
        assert not ProcrastinateJob.objects.exists()

    def test_a_worker_delivers_the_very_event(self, registry: Subscriptions, heard: list) -> None:
        QueuedEventBus(registry).publish([OPENED, CLOSED])
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(
                queues=["events"],
                wait=False,
                install_signal_handlers=False,
                listen_notify=False,
                concurrency=1,
            )
        jobs = ProcrastinateJob.objects.filter(queue_name="events")
        assert sorted(heard, key=lambda each: each[0]) == [
            ("cook", CLOSED),
            ("guard", OPENED),
            ("porter", OPENED),
        ]
        assert not jobs.exclude(status="succeeded").exists()
