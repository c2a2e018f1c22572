"""Bookable starts, clause by clause of the description of availability."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.booking.domain.schedule import OverrideKind
from apps.booking.domain.slots import (
    occupied_window,
)
from apps.kernel.domain.period import Period
from tests.booking.domain.scenarios import (
    DAY,
    MORNING,
    TUESDAY,
    WEDNESDAY,
    appointment,
    at,
    busy,
    hours,
    offered,
    override,
    schedule,
    terms,
)
from tests.booking.domain.strategies import OTHER_SERVICE


class TestFittingIntoWorkingTime:
    def test_a_service_is_offered_where_it_fits_whole(self):
        assert offered(MORNING, terms(duration=60, step=30)) == ["09:00", "09:30", "10:00", "10:30", "11:00"]

    def test_a_service_longer_than_the_interval_is_never_offered(self):
        assert offered(MORNING, terms(duration=181)) == []
        assert offered(MORNING, terms(duration=180)) == ["09:00"]

    def test_a_service_may_run_over_intervals_that_touch(self):
        of = schedule(hours(TUESDAY, "09:00", "10:00"), hours(TUESDAY, "10:00", "11:00"))
        assert offered(of, terms(duration=90, step=30)) == ["09:00", "09:30"]

    def test_a_service_may_run_over_midnight_when_the_hours_of_both_days_touch(self):
        of = schedule(hours(TUESDAY, "22:00", "24:00"), hours(WEDNESDAY, "00:00", "01:00"))
        assert offered(of, terms(duration=90, step=30), days=2) == ["22:00", "22:30", "23:00", "23:30"]

    def test_a_service_does_not_run_over_a_gap_of_a_minute(self):
        of = schedule(hours(TUESDAY, "09:00", "10:00"), hours(TUESDAY, "10:01", "11:00"))
        assert offered(of, terms(duration=60, step=1)) == ["09:00"]

    def test_a_service_longer_than_a_day_fits_a_specialist_who_never_sleeps(self):
        of = schedule(*(hours(weekday, "00:00", "24:00") for weekday in range(7)))
        assert offered(of, terms(duration=60 * 50, step=720)) == ["00:00", "12:00"]

    def test_buffers_may_lie_outside_working_time(self):
        assert offered(MORNING, terms(duration=180, buffer_before=60, buffer_after=60)) == ["09:00"]

    def test_nothing_is_offered_during_time_off_and_on_a_day_off(self):
        lunch = override(DAY, OverrideKind.TIME_OFF, "10:30", "11:00")
        of = schedule(hours(TUESDAY, "09:00", "12:00"), overrides=(lunch,))
        assert offered(of, terms(duration=30, step=30)) == ["09:00", "09:30", "10:00", "11:00", "11:30"]
        of = schedule(hours(TUESDAY, "09:00", "12:00"), overrides=(override(DAY, OverrideKind.DAY_OFF),))
        assert offered(of, terms()) == []

    def test_extra_hours_are_offered_on_a_holiday(self):
        extra = override(DAY, OverrideKind.EXTRA_HOURS, "15:00", "17:00")
        of = schedule(
            hours(TUESDAY, "09:00", "12:00"), overrides=(override(DAY, OverrideKind.HOLIDAY), extra)
        )
        assert offered(of, terms()) == ["15:00", "16:00"]


class TestOtherAppointmentsAndTheirBuffers:
    def test_periods_are_half_open_so_sessions_may_touch(self):
        booked = [appointment("10:00", "11:00")]
        assert offered(MORNING, terms(), occupied=booked) == ["09:00", "11:00"]

    def test_the_gap_is_the_sum_of_both_buffers(self):
        booked = [appointment("09:00", "10:00", after=10)]
        service = terms(step=5, buffer_before=15)
        assert offered(MORNING, service, occupied=booked)[0] == "10:25"
        booked = [appointment("11:00", "12:00", before=10)]
        service = terms(step=5, duration=30, buffer_after=15)
        assert offered(MORNING, service, occupied=booked)[-1] == "10:05"

    def test_buffers_are_respected_outside_working_time_too(self):
        booked = [appointment("12:00", "13:00")]
        assert offered(MORNING, terms(buffer_after=10), occupied=booked) == ["09:00", "10:00"]

    def test_busy_time_has_no_buffer_of_its_own_but_must_leave_the_session_its_own(self):
        service = terms(step=5, buffer_before=15)
        assert offered(MORNING, service, busy=[busy("09:00", "10:00")])[0] == "10:15"

    def test_a_gap_that_fits_exactly_is_offered(self):
        booked = [appointment("09:00", "10:00", after=10), appointment("11:20", "12:00", before=5)]
        service = terms(step=5, buffer_before=5, buffer_after=0)
        assert offered(MORNING, service, occupied=booked) == ["10:15"]
        longer = terms(step=5, buffer_before=5, buffer_after=5)
        assert offered(MORNING, longer, occupied=booked) == []

    def test_a_second_of_overlap_is_too_much(self):
        meeting = Period(at("09:59"), at("10:00") + timedelta(microseconds=1))
        assert offered(MORNING, terms(), busy=[meeting]) == ["11:00"]
        meeting = Period(at("11:00") - timedelta(microseconds=1), at("11:01"))
        assert offered(MORNING, terms(), busy=[meeting]) == ["09:00"]

    def test_an_appointment_of_the_day_before_may_reach_over_midnight(self):
        of = schedule(hours(TUESDAY, "00:00", "03:00"))
        booked = [appointment("23:00", "23:59", day=DAY - timedelta(days=1), after=30)]
        assert offered(of, terms(), occupied=booked) == ["01:00", "02:00"]

    def test_order_and_overlaps_of_what_is_booked_do_not_matter(self):
        booked = [appointment("11:00", "12:00"), appointment("09:00", "10:00"), appointment("09:10", "09:20")]
        assert offered(MORNING, terms(), occupied=booked) == ["10:00"]


class TestNoticeAndThePast:
    def test_nothing_is_offered_in_the_past_and_the_present_is_not_past(self):
        assert offered(MORNING, terms(), now=at("10:00")) == ["10:00", "11:00"]
        assert offered(MORNING, terms(), now=at("10:00") + timedelta(microseconds=1)) == ["11:00"]

    def test_the_minimum_notice_itself_is_enough(self):
        assert offered(MORNING, terms(min_notice=60), now=at("09:00")) == ["10:00", "11:00"]
        late = at("09:00") + timedelta(microseconds=1)
        assert offered(MORNING, terms(min_notice=60), now=late) == ["11:00"]

    def test_notice_is_elapsed_time_also_over_a_change_of_clocks(self):
        # From 21:00 on Saturday to 09:00 on Sunday: 11 hours pass in spring and 13 in autumn.
        zone = ZoneInfo("Europe/Berlin")
        of = schedule(hours(6, "09:00", "10:00"), time_zone="Europe/Berlin")
        for sunday, passed in ((date(2026, 3, 29), 11), (date(2026, 10, 25), 13)):
            now = at("21:00", sunday - timedelta(days=1), zone)
            assert offered(of, terms(min_notice=60 * passed), now=now, day=sunday) == ["09:00"]
            assert offered(of, terms(min_notice=60 * passed + 1), now=now, day=sunday) == []


class TestHorizon:
    EVERY_DAY = schedule(*(hours(weekday, "00:00", "24:00") for weekday in range(7)))

    def test_it_is_the_specialists_today_and_as_many_calendar_days_the_last_one_whole(self):
        now = at("23:59", DAY)
        service = terms(duration=30, step=720, horizon_days=1)
        assert offered(self.EVERY_DAY, service, now=now, days=5) == ["00:00", "12:00"]

    def test_a_horizon_of_no_days_is_today(self):
        service = terms(duration=30, step=720, horizon_days=0)
        assert offered(self.EVERY_DAY, service, now=at("00:00"), days=5) == ["00:00", "12:00"]

    def test_today_is_the_specialists_date_not_that_of_utc(self):
        # 22:30 UTC on 30 November is already 1 December in Moscow.
        now = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
        service = terms(duration=30, step=720, horizon_days=0)
        assert offered(self.EVERY_DAY, service, now=now, days=5) == ["12:00"]

    def test_the_last_session_may_end_on_the_day_after(self):
        service = terms(duration=120, step=60, horizon_days=0)
        assert offered(self.EVERY_DAY, service, now=at("21:30"), days=2) == ["22:00", "23:00"]

    def test_the_last_day_is_whole_when_it_has_25_hours(self):
        of = schedule(hours(6, "00:00", "24:00"), time_zone="Europe/Berlin")
        sunday = date(2026, 10, 25)
        now = at("12:00", sunday - timedelta(days=2), ZoneInfo("Europe/Berlin"))
        assert len(offered(of, terms(horizon_days=2), now=now, day=sunday, days=2)) == 25


class TestDailyLimits:
    def test_the_limit_of_the_service_counts_its_own_appointments_of_the_day(self):
        booked = [appointment("09:00", "10:00"), appointment("20:00", "21:00", service_id=OTHER_SERVICE)]
        assert offered(MORNING, terms(daily_limit=2), occupied=booked) == ["10:00", "11:00"]
        assert offered(MORNING, terms(daily_limit=1), occupied=booked) == []

    def test_the_limit_of_the_specialist_counts_all_services(self):
        booked = [appointment("09:00", "10:00"), appointment("20:00", "21:00", service_id=OTHER_SERVICE)]
        two_a_day = schedule(hours(TUESDAY, "09:00", "12:00"), daily_limit=2)
        assert offered(two_a_day, terms(), occupied=booked) == []
        assert offered(two_a_day, terms(), occupied=booked[:1]) == ["10:00", "11:00"]

    def test_an_appointment_counts_on_the_specialists_date_of_its_start(self):
        # 23:30 in Moscow on 1 December is 20:30 UTC; 00:30 on 2 December is 21:30 UTC of 1 December.
        tuesday_and_wednesday = schedule(hours(TUESDAY, "09:00", "10:00"), hours(WEDNESDAY, "09:00", "10:00"))
        next_day = DAY + timedelta(days=1)
        last_evening = [appointment("23:30", "23:59")]
        after_midnight = [appointment("00:30", "01:30", day=next_day)]
        one_a_day = terms(daily_limit=1)
        assert offered(tuesday_and_wednesday, one_a_day, occupied=last_evening) == []
        assert offered(tuesday_and_wednesday, one_a_day, occupied=last_evening, day=next_day) == ["09:00"]
        assert offered(tuesday_and_wednesday, one_a_day, occupied=after_midnight) == ["09:00"]
        assert offered(tuesday_and_wednesday, one_a_day, occupied=after_midnight, day=next_day) == []

    def test_the_whole_day_counts_though_the_window_shows_a_part_of_it(self):
        booked = [appointment("20:00", "21:00")]
        window = Period(at("09:00"), at("10:00"))
        assert offered(MORNING, terms(daily_limit=1), occupied=booked, window=window) == []

    def test_other_days_stay_open(self):
        booked = [appointment("09:00", "10:00", day=DAY - timedelta(days=7))]
        assert offered(MORNING, terms(daily_limit=1), occupied=booked) == ["09:00", "10:00", "11:00"]


class TestTheWindow:
    def test_starts_lie_in_the_half_open_window(self):
        assert offered(MORNING, terms(), window=Period(at("09:00"), at("11:00"))) == ["09:00", "10:00"]

    def test_a_session_may_end_after_the_window(self):
        assert offered(MORNING, terms(), window=Period(at("10:00"), at("10:01"))) == ["10:00"]

    def test_the_window_may_be_the_day_of_a_viewer_elsewhere(self):
        # 1 December in Vladivostok (UTC+10) ends at 17:00 in Moscow (UTC+3).
        viewer = ZoneInfo("Asia/Vladivostok")
        window = Period(at("00:00", DAY, viewer), at("00:00", DAY + timedelta(days=1), viewer))
        of = schedule(hours(TUESDAY, "15:00", "19:00"))
        assert offered(of, terms(), window=window) == ["15:00", "16:00"]

    def test_the_day_of_a_viewer_whose_clock_changes_has_its_own_length(self):
        viewer = ZoneInfo("Europe/Berlin")
        of = schedule(*(hours(weekday, "00:00", "24:00") for weekday in range(7)))
        lengths = [
            len(offered(of, terms(), window=Period(at("00:00", day, viewer), at("00:00", day_after, viewer))))
            for day, day_after in (
                (date(2027, 3, 28), date(2027, 3, 29)),
                (date(2027, 10, 31), date(2027, 11, 1)),
            )
        ]
        assert lengths == [23, 25]

    @pytest.mark.parametrize(
        "start", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC) - timedelta(days=62)]
    )
    def test_a_window_at_either_end_of_the_calendar_offers_nothing(self, start):
        assert offered(MORNING, terms(), window=Period.lasting(start, timedelta(days=62))) == []


class TestWhatMustBeLoadedForAWindow:
    def test_it_covers_the_specialists_days_whole_and_the_reach_of_all_buffers(self):
        window = Period(at("10:00"), at("11:00"))
        service = terms(duration=60, buffer_before=15, buffer_after=10)
        period = occupied_window(
            schedule=MORNING, terms=service, window=window, max_buffer=timedelta(minutes=30)
        )
        assert period == Period(at("23:15", DAY - timedelta(days=1)), at("01:40", DAY + timedelta(days=1)))

    def test_it_knows_that_days_differ_in_length(self):
        of = schedule(time_zone="Europe/Berlin")
        window = Period.lasting(datetime(2026, 10, 25, 12, tzinfo=UTC), timedelta(hours=1))
        period = occupied_window(schedule=of, terms=terms(), window=window, max_buffer=timedelta(0))
        assert period.length == timedelta(hours=25 + 1)


class TestTerms:
    @pytest.mark.parametrize(
        "changes",
        [
            {"duration": 0},
            {"step": 0},
            {"step": -5},
            {"buffer_before": -1},
            {"buffer_after": -1},
            {"min_notice": -1},
            {"horizon_days": -1},
            {"daily_limit": 0},
        ],
    )
    def test_lengths_that_make_no_sense_are_refused(self, changes):
        with pytest.raises(ValueError, match="must"):
            terms(**changes)
