"""A schedule refuses what contradicts itself."""

from datetime import date, timedelta

import pytest

from apps.booking.domain.schedule import (
    AnchorRequired,
    HoursOverlap,
    InvalidDailyLimit,
    InvalidHours,
    InvalidRecurrence,
    InvalidSchedule,
    InvalidValidity,
    InvalidWeekday,
    OverrideIsWholeDay,
    OverrideKind,
    OverrideNeedsHours,
    UnknownTimeZone,
)
from tests.booking.domain.scenarios import DAY, hours, override, schedule

MONDAY, TUESDAY = 0, 1


class TestWhatAScheduleRefuses:
    @pytest.mark.parametrize(
        "name", ["", "Moscow", "Europe", "localtime", "../etc/passwd", "Europe/Moscow\0", "x" * 5000]
    )
    def test_a_time_zone_that_does_not_exist(self, name):
        with pytest.raises(UnknownTimeZone):
            schedule(time_zone=name)

    @pytest.mark.parametrize("weekday", [-1, 7])
    def test_a_weekday_that_does_not_exist(self, weekday):
        with pytest.raises(InvalidWeekday):
            hours(weekday, "09:00", "10:00")

    @pytest.mark.parametrize(
        ("start", "end"), [("10:00", "10:00"), ("11:00", "10:00"), ("23:00", "24:01"), ("-1:00", "10:00")]
    )
    def test_hours_that_are_empty_reversed_or_leave_their_day(self, start, end):
        with pytest.raises(InvalidHours):
            hours(MONDAY, start, end)
        with pytest.raises(InvalidHours):
            override(DAY, OverrideKind.TIME_OFF, start, end)

    @pytest.mark.parametrize("weeks", [0, 3])
    def test_hours_that_repeat_otherwise_than_every_or_every_second_week(self, weeks):
        with pytest.raises(InvalidRecurrence):
            hours(MONDAY, "09:00", "10:00", every_weeks=weeks, anchor=DAY)

    def test_biweekly_hours_without_a_week_in_which_they_hold(self):
        with pytest.raises(AnchorRequired):
            hours(MONDAY, "09:00", "10:00", every_weeks=2)

    def test_a_validity_that_ends_before_it_begins(self):
        with pytest.raises(InvalidValidity):
            hours(MONDAY, "09:00", "10:00", valid_from=DAY, valid_until=DAY - timedelta(days=1))

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_daily_limit_below_one(self, limit):
        with pytest.raises(InvalidDailyLimit):
            schedule(daily_limit=limit)

    @pytest.mark.parametrize("kind", [OverrideKind.EXTRA_HOURS, OverrideKind.TIME_OFF])
    @pytest.mark.parametrize(("start", "end"), [(None, None), ("09:00", None), (None, "09:00")])
    def test_extra_hours_and_time_off_without_hours(self, kind, start, end):
        with pytest.raises(OverrideNeedsHours):
            override(DAY, kind, start, end)

    @pytest.mark.parametrize("kind", [OverrideKind.DAY_OFF, OverrideKind.HOLIDAY])
    @pytest.mark.parametrize(("start", "end"), [("09:00", "10:00"), ("09:00", None), (None, "10:00")])
    def test_a_day_off_or_a_holiday_with_hours(self, kind, start, end):
        with pytest.raises(OverrideIsWholeDay):
            override(DAY, kind, start, end)

    def test_every_refusal_is_an_invalid_schedule_with_a_sentence_of_its_own(self):
        kinds = InvalidSchedule.__subclasses__()
        assert len(kinds) == 10
        assert len({kind.code for kind in kinds}) == len({kind.message for kind in kinds}) == 10


class TestOverlapsOfWeeklyHours:
    def test_two_intervals_of_one_weekday_may_not_overlap_and_the_error_names_both(self):
        with pytest.raises(HoursOverlap) as refusal:
            schedule(hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "11:59", "15:30"))
        assert str(refusal.value) == "Two intervals of the same weekday overlap: 09:00–12:00 and 11:59–15:30."
        assert refusal.value.params["weekday"] == MONDAY

    def test_two_intervals_may_touch(self):
        schedule(hours(MONDAY, "09:00", "12:00"), hours(MONDAY, "12:00", "15:00"))

    def test_the_same_hours_may_stand_on_two_weekdays(self):
        schedule(hours(MONDAY, "09:00", "12:00"), hours(TUESDAY, "09:00", "12:00"))

    def test_weekly_and_biweekly_hours_overlap_in_every_second_week(self):
        with pytest.raises(HoursOverlap):
            schedule(
                hours(MONDAY, "09:00", "12:00"),
                hours(MONDAY, "10:00", "11:00", every_weeks=2, anchor=DAY),
            )

    def test_biweekly_hours_of_opposite_weeks_never_meet(self):
        schedule(
            hours(MONDAY, "09:00", "12:00", every_weeks=2, anchor=DAY),
            hours(MONDAY, "10:00", "13:00", every_weeks=2, anchor=DAY + timedelta(days=7)),
        )

    def test_biweekly_hours_of_the_same_weeks_meet_though_their_anchors_differ(self):
        with pytest.raises(HoursOverlap):
            schedule(
                hours(MONDAY, "09:00", "12:00", every_weeks=2, anchor=DAY),
                hours(MONDAY, "10:00", "13:00", every_weeks=2, anchor=DAY - timedelta(days=27)),
            )

    def test_hours_that_follow_each_other_in_time_never_meet(self):
        schedule(
            hours(MONDAY, "09:00", "12:00", valid_until=date(2026, 11, 30)),
            hours(MONDAY, "10:00", "13:00", valid_from=date(2026, 12, 1)),
        )

    def test_hours_meet_on_the_one_date_that_both_know(self):
        with pytest.raises(HoursOverlap):
            schedule(
                hours(MONDAY, "09:00", "12:00", valid_until=date(2026, 11, 30)),
                hours(MONDAY, "10:00", "13:00", valid_from=date(2026, 11, 30)),
            )

    def test_a_common_validity_without_the_weekday_is_none(self):
        schedule(
            hours(MONDAY, "09:00", "12:00", valid_until=date(2026, 12, 6)),
            hours(MONDAY, "10:00", "13:00", valid_from=date(2026, 12, 1)),
        )

    def test_a_common_validity_of_one_week_may_lie_between_biweekly_hours(self):
        common = {"valid_from": date(2026, 12, 7), "valid_until": date(2026, 12, 13)}
        biweekly = hours(MONDAY, "09:00", "12:00", every_weeks=2, anchor=DAY)
        schedule(biweekly, hours(MONDAY, "10:00", "13:00", **common))

    @pytest.mark.parametrize("validity", [{"valid_until": date.min}, {"valid_from": date.max}])
    def test_hours_meet_on_the_first_and_on_the_last_date_of_the_calendar(self, validity):
        (only_day,) = validity.values()
        narrow = hours(only_day.weekday(), "09:00", "12:00", **validity)
        with pytest.raises(HoursOverlap):
            schedule(narrow, hours(only_day.weekday(), "10:00", "13:00"))
        other_day = (only_day.weekday() + 1) % 7
        schedule(hours(other_day, "09:00", "12:00", **validity), hours(other_day, "10:00", "13:00"))
