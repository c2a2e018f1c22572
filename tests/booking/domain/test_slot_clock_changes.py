"""Bookable starts on days when clocks jump: every one is a real instant, none is lost or invented."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.booking.domain.slots import (
    Occupied,
    find_starts,
)
from apps.kernel.domain.period import Period
from tests.booking.domain.scenarios import (
    LONG_AGO,
    at,
    hours,
    offered,
    refusal,
    schedule,
    terms,
)
from tests.booking.domain.strategies import SERVICE


class TestDaysWhenClocksChange:
    def test_a_local_time_that_does_not_exist_is_not_offered(self):
        of = schedule(hours(6, "00:00", "06:00"), time_zone="Europe/Berlin")
        assert offered(of, terms(), day=date(2026, 3, 29)) == ["00:00", "01:00", "03:00", "04:00", "05:00"]

    def test_a_local_time_that_occurs_twice_is_offered_once_for_each_instant(self):
        of = schedule(hours(6, "01:00", "04:00"), time_zone="Europe/Berlin")
        sunday = date(2026, 10, 25)
        assert offered(of, terms(), day=sunday) == ["01:00", "02:00", "02:00", "03:00"]
        window = Period(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC))
        starts = find_starts(schedule=of, terms=terms(), occupied=[], busy=[], now=LONG_AGO, window=window)
        assert [start - starts[0] for start in starts] == [0, 3600, 7200]

    def test_both_instants_of_a_repeated_time_are_booked_apart(self):
        of = schedule(hours(6, "01:00", "02:00"), time_zone="America/New_York")
        sunday, zone = date(2026, 11, 1), ZoneInfo("America/New_York")
        first, second = at("01:00", sunday, zone), at("01:00", sunday, zone).replace(fold=1)
        now = at("00:00", sunday, zone)
        booked = [
            Occupied(
                service_id=SERVICE,
                start=first,
                blocked_start=first,
                blocked_end=first.astimezone(UTC) + timedelta(hours=1),
            )
        ]
        assert refusal(of, terms(), first, occupied=booked, now=now) == "slot_taken"
        assert refusal(of, terms(), second, occupied=booked, now=now) is None

    def test_steps_are_elapsed_time_over_the_jump(self):
        of = schedule(hours(6, "00:00", "06:00"), time_zone="America/New_York")
        service = terms(duration=30, step=90)
        assert offered(of, service, day=date(2026, 3, 8)) == ["00:00", "01:30", "04:00", "05:30"]

    def test_a_session_over_the_jump_lasts_its_elapsed_time(self):
        of = schedule(hours(6, "01:00", "04:00"), time_zone="America/New_York")
        assert offered(of, terms(duration=120, step=30), day=date(2026, 3, 8)) == ["01:00"]

    def test_a_skipped_midnight(self):
        of = schedule(hours(6, "00:00", "03:00"), time_zone="America/Santiago")
        assert offered(of, terms(), day=date(2026, 9, 6)) == ["01:00", "02:00"]
        of = schedule(hours(4, "00:00", "03:00"), time_zone="Africa/Cairo")
        assert offered(of, terms(), day=date(2026, 4, 24), now=datetime(2026, 4, 1, tzinfo=UTC)) == [
            "01:00",
            "02:00",
        ]

    def test_a_last_hour_of_the_day_that_comes_twice_belongs_to_that_day(self):
        of = schedule(hours(5, "22:00", "24:00"), hours(6, "00:00", "01:00"), time_zone="America/Santiago")
        assert offered(of, terms(), day=date(2026, 4, 4), days=2) == ["22:00", "23:00", "23:00", "00:00"]

    def test_tehran_before_and_after_it_gave_up_changing_its_clocks(self):
        of = schedule(hours(2, "22:00", "24:00"), time_zone="Asia/Tehran")
        now = datetime(2022, 9, 1, tzinfo=UTC)
        assert offered(of, terms(), day=date(2022, 9, 21), now=now) == ["22:00", "23:00", "23:00"]
        assert offered(of, terms(horizon_days=3000), day=date(2026, 12, 2), now=now) == ["22:00", "23:00"]

    def test_a_session_runs_over_a_date_that_did_not_exist(self):
        of = schedule(hours(3, "22:00", "24:00"), hours(5, "00:00", "02:00"), time_zone="Pacific/Apia")
        now = datetime(2011, 12, 1, tzinfo=UTC)
        assert offered(of, terms(duration=120), day=date(2011, 12, 29), days=3, now=now) == [
            "22:00",
            "23:00",
            "00:00",
        ]

    def test_moscow_has_no_such_days(self):
        of = schedule(hours(6, "00:00", "06:00"))
        for sunday in (date(2027, 3, 28), date(2027, 10, 31)):
            assert len(offered(of, terms(), day=sunday)) == 6
