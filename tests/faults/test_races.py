"""Many clients want the same thing at the same moment, over HTTP: exactly one gets it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.booking.infrastructure import models
from apps.booking.infrastructure.models import NO_OVERLAP
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from tests.booking.factories import (
    CONSENT_VERSION,
    make_client,
    make_hours,
    make_service,
    make_specialist,
    next_monday,
    publish_personal_data_consent,
    session_token,
)
from tests.clean_database import restore_seeds_only
from tests.counts import examples
from tests.faults.crowd import Call, Server, serving, statuses

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = examples(bounded=60, full=200)
ROUNDS = examples(bounded=2, full=20)
WITHOUT_QUEUE = "tests.faults.slow_moment:application"


class Crowd:
    """A service that is open around the clock, and clients who are signed in and have consented."""

    def __init__(self, size: int, **service: object) -> None:
        publish_personal_data_consent()
        self.specialist = make_specialist()
        make_hours(self.specialist, start="00:00", end="24:00")
        self.service = make_service(
            self.specialist, **{"slot_step_minutes": 60, "horizon_days": 60, **service}
        )
        self.clients: list[User] = []
        self.tokens: list[str] = []
        for _ in range(size):
            client = make_client()
            identity.grant_consents(
                user_id=client.pk,
                grants=[("personal_data", CONSENT_VERSION)],
                channel="web",
                evidence={"ip": "192.0.2.1"},
                at=datetime.now(UTC),
            )
            self.clients.append(client)
            self.tokens.append(session_token(client))

    def slot(self, number: int) -> datetime:
        return next_monday(0) + timedelta(hours=number)

    def booking(self, number: int, start: datetime, key: str = "") -> Call:
        body = {
            "service": self.service.slug,
            "start": start.isoformat(),
            "meeting_format": "online",
            "time_zone": "Europe/Moscow",
        }
        return Call("POST", "/api/v1/appointments/", body, self.tokens[number], key)

    def all_book(self, server: Server, start: datetime) -> dict[tuple[int, str], int]:
        calls = [self.booking(number, start, str(uuid4())) for number in range(len(self.clients))]
        return dict(statuses(server.at_once(calls)))


@pytest.fixture(scope="module")
def server_of_the_product(django_db_setup: None, django_db_blocker: object) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving() as server:
        yield server


@pytest.fixture(scope="module")
def server_without_queue(django_db_setup: None, django_db_blocker: object) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving(WITHOUT_QUEUE) as server:
        yield server


@pytest.fixture
def constraint_dropped(transactional_db: None) -> Iterator[None]:
    constraint = next(each for each in models.Appointment._meta.constraints if each.name == NO_OVERLAP)
    with connection.schema_editor() as editor:
        editor.remove_constraint(models.Appointment, constraint)
    yield
    restore_seeds_only()
    with connection.schema_editor() as editor:
        editor.add_constraint(models.Appointment, constraint)


class TestOneSlot:
    def test_exactly_one_of_many_gets_it_and_the_others_are_told_that_it_is_taken(
        self, server_of_the_product: Server
    ) -> None:
        crowd = Crowd(CLIENTS)
        for number in range(ROUNDS):
            answers = crowd.all_book(server_of_the_product, crowd.slot(2 * number))
            assert answers == {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
        assert models.Appointment.objects.count() == ROUNDS

    def test_the_database_alone_sees_to_it_when_nobody_queues(self, server_without_queue: Server) -> None:
        crowd = Crowd(CLIENTS)
        for number in range(ROUNDS):
            answers = crowd.all_book(server_without_queue, crowd.slot(2 * number))
            assert answers == {(201, ""): 1, (409, "slot_taken"): CLIENTS - 1}
        assert models.Appointment.objects.count() == ROUNDS

    def test_control_without_the_constraint_the_very_same_race_double_books(
        self, server_without_queue: Server, constraint_dropped: None
    ) -> None:
        crowd = Crowd(CLIENTS)
        for number in range(ROUNDS):
            answers = crowd.all_book(server_without_queue, crowd.slot(2 * number))
            assert answers[201, ""] > 1
        assert models.Appointment.objects.count() > ROUNDS


def test_many_clients_who_want_different_slots_all_get_theirs(server_of_the_product: Server) -> None:
    crowd = Crowd(50)
    calls = [crowd.booking(number, crowd.slot(2 * number), str(uuid4())) for number in range(50)]
    assert statuses(server_of_the_product.at_once(calls)) == {(201, ""): 50}
    assert models.Appointment.objects.count() == 50


def test_a_day_takes_no_more_than_its_limit_whoever_comes_at_whatever_hour(
    server_of_the_product: Server,
) -> None:
    crowd = Crowd(20, daily_limit=3)
    calls = [crowd.booking(number, crowd.slot(number), str(uuid4())) for number in range(20)]
    answers = server_of_the_product.at_once(calls)
    assert statuses(answers) == {(201, ""): 3, (422, "slot_unavailable"): 17}
    assert models.Appointment.objects.count() == 3


def test_one_key_sent_many_times_at_once_books_once(server_of_the_product: Server) -> None:
    crowd = Crowd(1)
    call = crowd.booking(0, crowd.slot(0), "the-same-key")
    answers = server_of_the_product.at_once([call] * 20)
    seen = statuses(answers)
    assert set(seen) <= {(201, ""), (409, "idempotency_in_progress")}
    assert len({answer.body["id"] for answer in answers if answer.status == 201}) == 1
    assert models.Appointment.objects.count() == 1
    replayed = server_of_the_product.ask(call)
    assert replayed.status == 201
    assert replayed.body["id"] == str(models.Appointment.objects.get().id)


def test_of_two_who_move_to_one_slot_one_moves_and_the_other_keeps_theirs(
    server_of_the_product: Server,
) -> None:
    crowd = Crowd(2, price_minor=0)
    for number in range(ROUNDS):
        wanted = crowd.slot(6 * number)
        ids = [
            server_of_the_product.ask(crowd.booking(who, crowd.slot(6 * number + 2 + 2 * who))).body["id"]
            for who in range(2)
        ]
        moves = [
            Call(
                "POST",
                f"/api/v1/appointments/{id_}/reschedule/",
                {"start": wanted.isoformat()},
                crowd.tokens[who],
                str(uuid4()),
            )
            for who, id_ in enumerate(ids)
        ]
        answers = server_of_the_product.at_once(moves)
        assert statuses(answers) == {(200, ""): 1, (409, "slot_taken"): 1}
        loser = next(who for who, answer in enumerate(answers) if answer.status == 409)
        assert models.Appointment.objects.get(id=ids[loser]).start == crowd.slot(6 * number + 2 + 2 * loser)
        assert models.Appointment.objects.get(id=ids[1 - loser]).start == wanted


def test_two_who_swap_their_slots_at_once_end_with_a_whole_calendar(server_of_the_product: Server) -> None:
    """Each wants what the other has: whatever comes of it, nothing overlaps and nobody loses a place."""
    crowd = Crowd(2, price_minor=0)
    starts = [crowd.slot(0), crowd.slot(2)]
    ids = [server_of_the_product.ask(crowd.booking(who, starts[who])).body["id"] for who in range(2)]
    calls = [
        Call(
            "POST",
            f"/api/v1/appointments/{ids[who]}/reschedule/",
            {"start": starts[1 - who].isoformat()},
            crowd.tokens[who],
            str(uuid4()),
        )
        for who in range(2)
    ]
    answers = server_of_the_product.at_once(calls)
    assert statuses(answers) == {(409, "slot_taken"): 2}
    assert [models.Appointment.objects.get(id=id_).start for id_ in ids] == starts
