"""Working time: the schedule laid onto the wall clock of its zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.booking.domain.schedule import OverrideKind, Schedule
from apps.booking.domain.working_time import is_working, outside_working_time, working_periods
from apps.kernel.domain.period import Period
from tests.booking.domain.scenarios import DAY, MORNING, TUESDAY, WEDNESDAY, at, hours, override, schedule


def working_hours(of: Schedule, day: date, *, days: int = 1) -> list[str]:
    """Working time of local dates as a person writes it: ``09:00–12:00``."""
    zone = ZoneInfo(of.time_zone)
    start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    until = day + timedelta(days=days)
    end = datetime(until.year, until.month, until.day, tzinfo=zone).astimezone(UTC)
    return [
        f"{period.start.astimezone(zone):%H:%M}–{period.end.astimezone(zone):%H:%M}"
        for period in working_periods(schedule=of, window=Period(start, end))
    ]


class TestWorkingTime:
    def test_holds_on_its_weekday_only(self):
        of = schedule(hours(TUESDAY, "09:00", "18:00"))
        assert working_hours(of, DAY) == ["09:00–18:00"]
        assert working_hours(of, DAY + timedelta(days=1)) == []

    def test_is_the_union_of_its_intervals_in_order(self):
        of = schedule(hours(TUESDAY, "14:00", "18:00"), hours(TUESDAY, "09:00", "13:00"))
        assert working_hours(of, DAY) == ["09:00–13:00", "14:00–18:00"]

    def test_touching_intervals_join(self):
        of = schedule(hours(TUESDAY, "09:00", "12:00"), hours(TUESDAY, "12:00", "15:00"))
        assert working_hours(of, DAY) == ["09:00–15:00"]

    def test_touching_intervals_join_across_midnight(self):
        of = schedule(hours(TUESDAY, "22:00", "24:00"), hours(WEDNESDAY, "00:00", "02:00"))
        assert working_hours(of, DAY, days=2) == ["22:00–02:00"]

    def test_is_cut_to_the_window_asked_for(self):
        of = schedule(hours(TUESDAY, "09:00", "18:00"))
        window = Period(
            datetime(2026, 12, 1, 7, 0, 0, 5, tzinfo=UTC), datetime(2026, 12, 1, 8, 0, 0, 7, tzinfo=UTC)
        )
        assert working_periods(schedule=of, window=window) == [window]

    def test_extra_hours_add_to_the_weekly_ones_and_may_overlap_them(self):
        extra = override(DAY, OverrideKind.EXTRA_HOURS, "17:00", "20:00")
        of = schedule(hours(TUESDAY, "09:00", "18:00"), overrides=(extra,))
        assert working_hours(of, DAY) == ["09:00–20:00"]
        assert working_hours(of, DAY + timedelta(days=7)) == ["09:00–18:00"]

    def test_time_off_takes_away_from_weekly_and_from_extra_hours(self):
        of = schedule(
            hours(TUESDAY, "09:00", "12:00"),
            overrides=(
                override(DAY, OverrideKind.TIME_OFF, "11:00", "16:00"),
                override(DAY, OverrideKind.EXTRA_HOURS, "15:00", "18:00"),
            ),
        )
        assert working_hours(of, DAY) == ["09:00–11:00", "16:00–18:00"]

    def test_time_off_inside_an_interval_leaves_both_ends(self):
        lunch = override(DAY, OverrideKind.TIME_OFF, "13:00", "14:00")
        assert working_hours(schedule(hours(TUESDAY, "09:00", "18:00"), overrides=(lunch,)), DAY) == [
            "09:00–13:00",
            "14:00–18:00",
        ]

    @pytest.mark.parametrize("kind", [OverrideKind.DAY_OFF, OverrideKind.HOLIDAY])
    def test_a_day_off_or_a_holiday_removes_the_weekly_hours_of_its_date(self, kind):
        of = schedule(hours(TUESDAY, "09:00", "18:00"), overrides=(override(DAY, kind),))
        assert working_hours(of, DAY) == []
        assert working_hours(of, DAY + timedelta(days=7)) == ["09:00–18:00"]

    def test_extra_hours_hold_on_a_day_off_too(self):
        of = schedule(
            hours(TUESDAY, "09:00", "18:00"),
            overrides=(
                override(DAY, OverrideKind.DAY_OFF),
                override(DAY, OverrideKind.EXTRA_HOURS, "10:00", "11:00"),
            ),
        )
        assert working_hours(of, DAY) == ["10:00–11:00"]

    def test_biweekly_hours_hold_in_the_week_of_their_anchor_and_every_second_one(self):
        # The anchor is the Sunday that ends the week of 1 December; weeks begin on Monday.
        of = schedule(hours(TUESDAY, "09:00", "18:00", every_weeks=2, anchor=date(2026, 12, 6)))
        held = [bool(working_hours(of, DAY + timedelta(days=7 * week))) for week in range(-3, 4)]
        assert held == [False, True, False, True, False, True, False]

    def test_biweekly_hours_keep_their_step_over_the_53rd_week_of_a_year(self):
        # 2026 has 53 ISO weeks: counting odd and even weeks would go wrong at New Year.
        of = schedule(hours(TUESDAY, "09:00", "18:00", every_weeks=2, anchor=date(2026, 12, 29)))
        assert working_hours(of, date(2027, 1, 5)) == []
        assert working_hours(of, date(2027, 1, 12)) == ["09:00–18:00"]

    def test_validity_includes_its_first_and_its_last_date(self):
        of = schedule(hours(TUESDAY, "09:00", "18:00", valid_from=DAY, valid_until=DAY + timedelta(days=7)))
        held = [bool(working_hours(of, DAY + timedelta(days=7 * week))) for week in range(-1, 3)]
        assert held == [False, True, True, False]

    def test_a_period_is_worked_when_all_of_it_is(self):
        of = schedule(hours(TUESDAY, "22:00", "24:00"), hours(WEDNESDAY, "00:00", "02:00"))
        start = datetime(2026, 12, 1, 22, tzinfo=ZoneInfo("Europe/Moscow"))
        assert is_working(schedule=of, period=Period.lasting(start, timedelta(hours=4)))
        assert not is_working(schedule=of, period=Period.lasting(start, timedelta(hours=4, seconds=1)))


class TestSessionsOutsideWorkingTime:
    def test_those_that_do_not_lie_whole_in_working_time_are_named_in_order(self):
        sessions = {
            "inside": Period(at("09:00"), at("12:00")),
            "too long": Period(at("11:30"), at("12:30")),
            "too early": Period(at("08:59"), at("09:30")),
            "another day": Period(at("10:00", DAY + timedelta(days=1)), at("11:00", DAY + timedelta(days=1))),
        }
        outside = outside_working_time(schedule=MORNING, sessions=sessions)
        assert outside == ["too early", "too long", "another day"]

    def test_a_session_over_intervals_that_touch_is_inside(self):
        of = schedule(hours(TUESDAY, "22:00", "24:00"), hours(WEDNESDAY, "00:00", "02:00"))
        night = Period.lasting(at("23:30"), timedelta(hours=1))
        assert outside_working_time(schedule=of, sessions={1: night}) == []

    def test_without_sessions_none_is_outside(self):
        assert outside_working_time(schedule=MORNING, sessions={}) == []


class TestDaysWhenClocksChange:
    """Working time is exactly the instants whose wall clock lies in an entered interval."""

    def in_utc(self, time_zone: str, day: date, start: str, end: str) -> list[str]:
        of = schedule(hours(day.weekday(), start, end), time_zone=time_zone)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        window = Period(noon - timedelta(days=2), noon + timedelta(days=2))
        return [
            f"{period.start:%d %H:%M}–{period.end:%d %H:%M}"
            for period in working_periods(schedule=of, window=window)
        ]

    def test_a_day_of_23_hours_has_23_hours(self):
        assert self.in_utc("Europe/Berlin", date(2026, 3, 29), "00:00", "24:00") == ["28 23:00–29 22:00"]

    def test_a_day_of_25_hours_has_25_hours(self):
        assert self.in_utc("Europe/Berlin", date(2026, 10, 25), "00:00", "24:00") == ["24 22:00–25 23:00"]

    def test_hours_that_the_clock_skips_do_not_exist(self):
        assert self.in_utc("Europe/Berlin", date(2026, 3, 29), "02:00", "03:00") == []

    def test_hours_that_begin_inside_the_skipped_time_begin_after_it(self):
        assert self.in_utc("America/New_York", date(2026, 3, 8), "02:30", "04:00") == ["08 07:00–08 08:00"]

    def test_hours_that_the_clock_shows_twice_hold_twice(self):
        assert self.in_utc("Europe/Berlin", date(2026, 10, 25), "02:15", "02:45") == [
            "25 00:15–25 00:45",
            "25 01:15–25 01:45",
        ]

    def test_hours_that_end_inside_the_repeated_time_end_twice(self):
        assert self.in_utc("America/New_York", date(2026, 11, 1), "00:00", "01:30") == [
            "01 04:00–01 05:30",
            "01 06:00–01 06:30",
        ]

    def test_a_jump_of_half_an_hour(self):
        # Lord Howe: 02:00 → 02:30 in October, 02:00 → 01:30 in April.
        assert self.in_utc("Australia/Lord_Howe", date(2026, 10, 4), "01:00", "03:00") == [
            "03 14:30–03 16:00"
        ]
        assert self.in_utc("Australia/Lord_Howe", date(2026, 4, 5), "01:30", "02:00") == ["04 14:30–04 15:30"]

    def test_a_day_that_begins_at_one_because_midnight_is_skipped(self):
        assert self.in_utc("America/Santiago", date(2026, 9, 6), "00:00", "02:00") == ["06 04:00–06 05:00"]
        assert self.in_utc("Africa/Cairo", date(2026, 4, 24), "00:00", "02:00") == ["23 22:00–23 23:00"]

    def test_a_last_hour_of_the_day_that_comes_twice(self):
        assert self.in_utc("America/Santiago", date(2026, 4, 4), "23:00", "24:00") == ["05 02:00–05 04:00"]
        assert self.in_utc("Africa/Cairo", date(2026, 10, 29), "22:00", "24:00") == ["29 19:00–29 22:00"]

    def test_a_date_that_did_not_exist_has_no_working_time_and_its_neighbours_touch(self):
        assert self.in_utc("Pacific/Apia", date(2011, 12, 30), "00:00", "24:00") == []
        of = schedule(hours(3, "20:00", "24:00"), hours(5, "00:00", "04:00"), time_zone="Pacific/Apia")
        window = Period(datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))
        assert working_periods(schedule=of, window=window) == [
            Period(datetime(2011, 12, 30, 6, tzinfo=UTC), datetime(2011, 12, 30, 14, tzinfo=UTC))
        ]

    def test_a_clock_that_jumps_back_over_midnight_ends_the_date_twice(self):
        # Newfoundland until 2011: at 00:01 of the 7th back to 23:01 of the 6th.
        assert self.in_utc("America/St_Johns", date(2010, 11, 6), "23:00", "24:00") == [
            "07 01:30–07 02:30",
            "07 02:31–07 03:30",
        ]

    def test_a_zone_without_changes_has_none(self):
        assert self.in_utc("Europe/Moscow", date(2026, 3, 29), "00:00", "24:00") == ["28 21:00–29 21:00"]
