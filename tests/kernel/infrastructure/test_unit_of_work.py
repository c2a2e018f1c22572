"""Units of work: all or nothing, alone and inside one another."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.kernel.infrastructure import rate_limit
from apps.kernel.infrastructure.models import RateLimitCounter
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork, enclosing_transaction

unit_of_work = DjangoUnitOfWork()
WINDOW = datetime(2026, 12, 1, tzinfo=UTC)


class Refused(Exception):
    pass


def write(subject: str) -> None:
    rate_limit.count(scope="test", subject=subject, window_start=WINDOW)


def write_and_fail(subject: str) -> None:
    with unit_of_work():
        write(subject)
        raise Refused


def written() -> set[str]:
    return set(RateLimitCounter.objects.values_list("subject", flat=True))


@pytest.mark.django_db(transaction=True)
class TestAlone:
    def test_it_commits_at_its_end(self) -> None:
        with unit_of_work():
            write("a")
        connection.close()
        assert written() == {"a"}

    def test_any_exception_takes_everything_back(self) -> None:
        with pytest.raises(Refused):
            write_and_fail("a")
        assert written() == set()

    def test_inside_another_one_it_fails_alone(self) -> None:
        with unit_of_work():
            write("outer")
            with pytest.raises(Refused):
                write_and_fail("inner")
            write("after")
        assert written() == {"outer", "after"}


@pytest.mark.django_db(transaction=True)
class TestInsideAnEnclosingTransaction:
    def test_it_joins_without_a_savepoint(self) -> None:
        with CaptureQueriesContext(connection) as statements, enclosing_transaction(), unit_of_work():
            write("a")
        assert [each["sql"].split()[0] for each in statements] == ["BEGIN", "INSERT", "COMMIT"]
        assert written() == {"a"}

    def test_an_error_that_leaves_the_whole_takes_the_whole_back(self) -> None:
        def call() -> None:
            with enclosing_transaction():
                write("before")
                write_and_fail("inner")

        with pytest.raises(Refused):
            call()
        assert written() == set()

    def test_an_error_swallowed_on_the_way_still_takes_the_whole_back(self) -> None:
        with enclosing_transaction():
            write("before")
            with pytest.raises(Refused):
                write_and_fail("inner")
        assert written() == set()

    def test_afterwards_units_of_work_have_savepoints_again(self) -> None:
        with pytest.raises(Refused), enclosing_transaction():
            raise Refused
        with unit_of_work():
            write("outer")
            with pytest.raises(Refused):
                write_and_fail("inner")
        assert written() == {"outer"}
