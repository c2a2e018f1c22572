"""Where the steps between bookable starts are counted from: three ways, a choice of each service."""

from datetime import date, timedelta

from apps.booking.domain.schedule import OverrideKind
from apps.booking.domain.slots import SlotGrid
from apps.kernel.domain.period import Period
from tests.booking.domain.scenarios import (
    DAY,
    MORNING,
    TUESDAY,
    WEDNESDAY,
    appointment,
    at,
    hours,
    offered,
    override,
    refusal,
    schedule,
    terms,
)


class TestGridCountedFromTheIntervalAsEntered:
    def test_steps_are_counted_from_the_start_of_the_interval(self):
        of = schedule(hours(TUESDAY, "09:10", "12:00"))
        assert offered(of, terms(step=45, duration=30)) == ["09:10", "09:55", "10:40", "11:25"]

    def test_intervals_that_touch_keep_each_its_own_grid(self):
        of = schedule(hours(TUESDAY, "09:00", "10:30"), hours(TUESDAY, "10:30", "12:00"))
        assert offered(of, terms(step=40, duration=30)) == ["09:00", "09:40", "10:20", "10:30", "11:10"]

    def test_intervals_that_overlap_keep_each_its_own_grid_and_offer_a_common_start_once(self):
        extra = override(DAY, OverrideKind.EXTRA_HOURS, "10:30", "13:00")
        of = schedule(hours(TUESDAY, "09:00", "12:00"), overrides=(extra,))
        assert offered(of, terms(step=30)) == [
            "09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00",
        ]  # fmt: skip
        assert offered(of, terms(step=60)) == ["09:00", "10:00", "10:30", "11:00", "11:30"]

    def test_time_off_and_appointments_do_not_move_the_grid(self):
        late = override(DAY, OverrideKind.TIME_OFF, "09:00", "09:20")
        of = schedule(hours(TUESDAY, "09:00", "12:00"), overrides=(late,))
        assert offered(of, terms(duration=30)) == ["10:00", "11:00"]
        booked = [appointment("09:30", "10:10")]
        assert offered(MORNING, terms(duration=30), occupied=booked) == ["09:00", "11:00"]


class TestGridCountedFromTheFullHour:
    def test_steps_are_counted_from_the_full_hour_at_or_before_the_start_of_the_interval(self):
        of = schedule(hours(TUESDAY, "09:10", "12:00"))
        from_full_hour = terms(step=20, duration=30, grid=SlotGrid.FULL_HOUR)
        assert offered(of, from_full_hour)[:4] == ["09:20", "09:40", "10:00", "10:20"]
        assert offered(of, terms(grid=SlotGrid.FULL_HOUR)) == ["10:00", "11:00"]
        assert offered(of, terms(step=45, duration=30, grid=SlotGrid.FULL_HOUR)) == [
            "09:45",
            "10:30",
            "11:15",
        ]

    def test_it_is_the_full_hour_of_the_specialist_in_a_zone_of_half_hours(self):
        of = schedule(hours(TUESDAY, "09:10", "12:00"), time_zone="Asia/Kolkata")
        assert offered(of, terms(grid=SlotGrid.FULL_HOUR)) == ["10:00", "11:00"]

    def test_a_jump_of_half_an_hour_does_not_move_the_starts_off_the_full_hour(self):
        day = date(2026, 10, 4)
        of = schedule(hours(6, "00:30", "06:00"), time_zone="Australia/Lord_Howe")
        full_hours = terms(grid=SlotGrid.FULL_HOUR)
        assert offered(of, full_hours, day=day) == ["01:00", "03:00", "04:00", "05:00"]
        # Counted from the interval instead, steps are elapsed time.
        assert offered(of, terms(), day=day) == ["00:30", "01:30", "03:00", "04:00", "05:00"]


class TestGridRightAfterTheAppointmentBefore:
    AFTER = terms(step=60, grid=SlotGrid.AFTER_PREVIOUS)

    def test_a_free_day_is_counted_from_the_start_of_work(self):
        assert offered(MORNING, self.AFTER) == ["09:00", "10:00", "11:00"]

    def test_starts_follow_the_appointment_before(self):
        booked = [appointment("09:00", "09:50")]
        assert offered(MORNING, self.AFTER, occupied=booked) == ["09:50", "10:50"]

    def test_both_buffers_lie_between_them(self):
        booked = [appointment("09:00", "09:50", after=10)]
        service = terms(step=60, buffer_before=5, grid=SlotGrid.AFTER_PREVIOUS)
        assert offered(MORNING, service, occupied=booked) == ["10:05"]

    def test_starts_follow_busy_time_and_time_off_and_lie_on_whole_minutes(self):
        meeting = Period(at("09:00"), at("09:20") + timedelta(seconds=1))
        assert offered(MORNING, self.AFTER, busy=[meeting]) == ["09:21", "10:21"]
        late = override(DAY, OverrideKind.TIME_OFF, "09:00", "09:20")
        of = schedule(hours(TUESDAY, "09:00", "12:00"), overrides=(late,))
        assert offered(of, self.AFTER) == ["09:20", "10:20"]

    def test_an_appointment_before_work_counts_when_its_buffer_reaches_in(self):
        booked = [appointment("08:00", "08:50", after=20)]
        assert offered(MORNING, self.AFTER, occupied=booked) == ["09:10", "10:10"]

    def test_the_count_goes_on_over_intervals_of_the_day_that_touch_and_starts_anew_at_midnight(self):
        of = schedule(
            hours(TUESDAY, "20:00", "22:00"),
            hours(TUESDAY, "22:00", "24:00"),
            hours(WEDNESDAY, "00:00", "02:00"),
        )
        service = terms(step=50, duration=30, grid=SlotGrid.AFTER_PREVIOUS)
        assert offered(of, service, days=2) == [
            "20:00", "20:50", "21:40", "22:30", "23:20", "00:00", "00:50",
        ]  # fmt: skip

    def test_the_count_does_not_depend_on_where_the_window_or_the_notice_begins(self):
        window = Period(at("09:30"), at("11:00"))
        booked = [appointment("09:00", "09:20")]
        service = terms(step=30, grid=SlotGrid.AFTER_PREVIOUS)
        assert offered(MORNING, service, occupied=booked, window=window) == ["09:50", "10:20", "10:50"]
        assert offered(MORNING, service, occupied=booked, now=at("09:55")) == ["10:20", "10:50"]

    def test_a_start_between_two_steps_is_off_the_grid(self):
        booked = [appointment("09:00", "09:50")]
        assert refusal(MORNING, self.AFTER, at("09:50"), occupied=booked) is None
        assert refusal(MORNING, self.AFTER, at("10:00"), occupied=booked) == "off_grid"
