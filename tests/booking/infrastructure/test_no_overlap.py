"""Two active appointments of one specialist never overlap, buffers included, whoever writes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import given
from hypothesis import strategies as st
from psycopg import errors

from apps.booking.domain.lifecycle import ACTIVE, AppointmentStatus
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import terms_to_json, to_terms
from apps.booking.infrastructure.models import NO_OVERLAP
from apps.kernel.domain.period import Period
from tests.booking.factories import make_client, make_service, make_specialist, next_monday
from tests.counts import property_settings

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DROPPED = f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE booking_appointment DROP CONSTRAINT {NO_OVERLAP}"
INACTIVE = sorted(set(AppointmentStatus) - ACTIVE)
type Row = models.Appointment


@pytest.fixture
def service() -> models.Service:
    """Fifty minutes with ten minutes of buffer after."""
    return make_service()


@pytest.fixture
def start() -> datetime:
    return next_monday(12)


def row_at(
    service: models.Service,
    start: datetime,
    *,
    status: str = "confirmed",
    before: int = 0,
    after: int = 10,
    minutes: int = 50,
    specialist: models.Specialist | None = None,
) -> Row:
    end = start + minutes * MINUTE
    return models.Appointment(
        specialist=specialist or service.specialist,
        client=make_client(),
        service=service,
        terms=terms_to_json(to_terms(service)),
        status=status,
        start=start,
        end=end,
        buffer_before_minutes=before,
        buffer_after_minutes=after,
        blocked=DateTimeTZRange(start - before * MINUTE, end + after * MINUTE, "[)"),
        meeting_format="online",
        time_zone="Europe/Moscow",
        hold_length_minutes=20,
        hold_expires_at=start,
        answer_due_at=start,
        created_at=start,
    )


def by_save(row: Row) -> None:
    row.save(force_insert=True)


def by_bulk_create(row: Row) -> None:
    models.Appointment.objects.bulk_create([row])


def by_raw_sql(row: Row) -> None:
    fields = row._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO booking_appointment ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", values
        )


def by_moving_another(row: Row) -> None:
    """Written at a free time first, then moved by a bare UPDATE."""
    wanted = (row.start, row.end, row.blocked)
    far = timedelta(days=30)
    row.start, row.end = row.start + far, row.end + far
    row.blocked = DateTimeTZRange(row.blocked.lower + far, row.blocked.upper + far, "[)")
    row.save(force_insert=True)
    models.Appointment.objects.filter(id=row.id).update(start=wanted[0], end=wanted[1], blocked=wanted[2])


WRITERS = [by_save, by_bulk_create, by_raw_sql, by_moving_another]


def refused(write: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        if not isinstance(error.__cause__, errors.ExclusionViolation):
            raise
        return error.__cause__.diag.constraint_name == NO_OVERLAP
    return False


@pytest.mark.parametrize("theirs", sorted(ACTIVE), ids=str)
@pytest.mark.parametrize("ours", sorted(ACTIVE), ids=str)
@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_an_overlap_of_two_active_ones_is_refused_whoever_writes(
    service: models.Service,
    start: datetime,
    write: Callable[[Row], None],
    ours: AppointmentStatus,
    theirs: AppointmentStatus,
) -> None:
    by_save(row_at(service, start, status=theirs))
    assert refused(lambda: write(row_at(service, start + 30 * MINUTE, status=ours)))
    assert (
        models.Appointment.objects.filter(status__in=ACTIVE, start__lt=start + timedelta(days=1)).count() == 1
    )


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_without_the_constraint_the_same_writers_do_double_book(
    service: models.Service, start: datetime, write: Callable[[Row], None]
) -> None:
    by_save(row_at(service, start))
    with connection.cursor() as cursor:
        cursor.execute(DROPPED)
    assert not refused(lambda: write(row_at(service, start + 30 * MINUTE)))
    overlapping = models.Appointment.objects.filter(blocked__overlap=(start, start + 60 * MINUTE))
    assert overlapping.count() == 2


@pytest.mark.parametrize("status", INACTIVE, ids=str)
def test_one_that_is_over_takes_no_time(
    service: models.Service, start: datetime, status: AppointmentStatus
) -> None:
    by_save(row_at(service, start, status=status))
    assert not refused(lambda: by_save(row_at(service, start)))
    assert not refused(lambda: by_save(row_at(service, start, status=status)))


@pytest.mark.parametrize(
    ("offset", "before", "is_refused"),
    [
        (50, 0, True),  # inside the buffer after the first
        (59, 0, True),
        (60, 0, False),  # touching it
        (60, 5, True),  # its own buffer reaches into the first's
        (65, 5, False),  # the two buffers touch: the gap is their sum
        (-60, 0, False),
        (-59, 0, True),
    ],
)
def test_both_buffers_count_and_touching_is_no_overlap(
    service: models.Service, start: datetime, offset: int, before: int, is_refused: bool
) -> None:
    by_save(row_at(service, start))
    assert refused(lambda: by_save(row_at(service, start + offset * MINUTE, before=before))) is is_refused


def test_another_specialist_is_free_at_the_same_time(service: models.Service, start: datetime) -> None:
    by_save(row_at(service, start))
    assert not refused(lambda: by_save(row_at(service, start, specialist=make_specialist())))


def test_a_freed_time_can_be_taken_again_but_not_revived_over_another(
    service: models.Service, start: datetime
) -> None:
    first = row_at(service, start, status="pending_payment")
    by_save(first)
    models.Appointment.objects.filter(id=first.id).update(status="expired")
    by_save(row_at(service, start))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER booking_appointment_guard ON booking_appointment")
    revive = models.Appointment.objects.filter(id=first.id).update
    assert refused(lambda: revive(status="pending_payment"))


@property_settings(bounded=50, full=1_000)
@given(
    first=st.tuples(st.integers(0, 180), st.integers(1, 90), st.integers(0, 40), st.integers(0, 40)),
    second=st.tuples(st.integers(0, 180), st.integers(1, 90), st.integers(0, 40), st.integers(0, 40)),
)
def test_the_database_refuses_exactly_what_overlaps_in_the_domain(
    first: tuple[int, int, int, int], second: tuple[int, int, int, int]
) -> None:
    noon = next_monday(12)
    with transaction.atomic():
        service = make_service()
        rows, blocked = [], []
        for offset, minutes, before, after in (first, second):
            start = noon + offset * MINUTE
            rows.append(row_at(service, start, minutes=minutes, before=before, after=after))
            session = Period.lasting(start, minutes * MINUTE)
            blocked.append(session.padded(before=before * MINUTE, after=after * MINUTE))
        by_save(rows[0])
        assert refused(lambda: by_save(rows[1])) is blocked[0].overlaps(blocked[1])
        transaction.set_rollback(True)
