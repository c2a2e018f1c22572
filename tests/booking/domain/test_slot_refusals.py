"""Why a start cannot be booked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.booking.domain.slots import (
    SlotGrid,
    SlotTaken,
    SlotUnavailable,
)
from tests.booking.domain.scenarios import (
    DAY,
    MORNING,
    appointment,
    at,
    busy,
    hours,
    refusal,
    schedule,
    terms,
)


class TestWhyAStartIsRefused:
    """Each refusal has a stable reason; where several rules refuse, the first one is named."""

    def test_an_offered_start_is_accepted_in_any_zone_it_is_written_in(self):
        assert refusal(MORNING, terms(), at("10:00")) is None
        assert refusal(MORNING, terms(), at("10:00").astimezone(ZoneInfo("Asia/Kathmandu"))) is None

    def test_past(self):
        assert refusal(MORNING, terms(min_notice=60), at("10:00"), now=at("10:01")) == "past"
        assert refusal(MORNING, terms(), datetime.min.replace(tzinfo=UTC)) == "past"

    def test_too_soon(self):
        assert refusal(MORNING, terms(min_notice=60), at("10:00"), now=at("09:01")) == "too_soon"
        assert refusal(MORNING, terms(min_notice=60), at("10:00"), now=at("09:00")) is None
        assert refusal(MORNING, terms(min_notice=60), at("08:00"), now=at("07:00")) == "outside_hours"

    def test_too_far(self):
        now = at("23:00", DAY - timedelta(days=3))
        assert refusal(MORNING, terms(horizon_days=2), at("10:00"), now=now) == "too_far"
        assert refusal(MORNING, terms(horizon_days=3), at("10:00"), now=now) is None
        assert refusal(MORNING, terms(), datetime.max.replace(tzinfo=ZoneInfo("Etc/GMT+12"))) == "too_far"

    def test_too_far_by_a_minute_that_the_clock_takes_back(self):
        # Newfoundland, 2010: the 7th begins, and after one minute it is the 6th again until midnight.
        zone = ZoneInfo("America/St_Johns")
        of = schedule(hours(5, "00:00", "24:00"), hours(6, "00:00", "24:00"), time_zone="America/St_Johns")
        now = at("20:00", date(2010, 11, 6), zone)
        service = terms(duration=30, step=30, horizon_days=0)
        assert refusal(of, service, at("00:00", date(2010, 11, 7), zone), now=now) == "too_far"
        second_time = at("23:30", date(2010, 11, 6), zone).replace(fold=1)
        assert second_time > at("00:00", date(2010, 11, 7), zone).astimezone(UTC)
        assert refusal(of, service, second_time, now=now) is None

    def test_a_session_may_run_over_a_minute_that_the_clock_takes_back(self):
        zone = ZoneInfo("America/St_Johns")
        of = schedule(hours(5, "00:00", "24:00"), hours(6, "00:00", "24:00"), time_zone="America/St_Johns")
        now = at("20:00", date(2010, 11, 6), zone)
        assert refusal(of, terms(), at("00:00", date(2010, 11, 7), zone), now=now) is None

    def test_outside_hours(self):
        assert refusal(MORNING, terms(), at("08:00")) == "outside_hours"
        assert refusal(MORNING, terms(), at("11:01")) == "outside_hours"

    @pytest.mark.parametrize(
        "start",
        [at("10:01"), at("10:00") + timedelta(seconds=1), at("10:00") + timedelta(microseconds=1)],
        ids=["minute", "second", "microsecond"],
    )
    @pytest.mark.parametrize("grid", SlotGrid)
    def test_off_grid(self, start, grid):
        assert refusal(MORNING, terms(grid=grid), start) == "off_grid"

    def test_slot_taken(self):
        booked = [appointment("09:30", "09:45", before=15)]
        assert refusal(MORNING, terms(), at("09:00"), occupied=booked) == "slot_taken"
        assert refusal(MORNING, terms(duration=15), at("09:00"), occupied=booked) is None
        reaching = terms(duration=15, buffer_after=1)
        assert refusal(MORNING, reaching, at("09:00"), occupied=booked) == "slot_taken"

    def test_busy(self):
        assert refusal(MORNING, terms(), at("09:00"), busy=[busy("09:30", "09:45")]) == "busy"

    def test_daily_limit(self):
        booked = [appointment("11:00", "12:00")]
        assert refusal(MORNING, terms(daily_limit=1), at("09:00"), occupied=booked) == "daily_limit"

    def test_who_loses_a_race_for_the_last_place_hears_that_the_time_is_taken(self):
        booked = [appointment("09:00", "10:00")]
        for grid in SlotGrid:
            service = terms(daily_limit=1, grid=grid)
            assert refusal(MORNING, service, at("09:00"), occupied=booked) == "slot_taken"

    def test_a_time_that_the_grid_never_offers_is_off_it_though_it_is_taken_as_well(self):
        assert refusal(MORNING, terms(), at("09:10"), occupied=[appointment("09:00", "10:00")]) == "off_grid"

    def test_a_naive_start_is_a_mistake_of_the_caller(self):
        with pytest.raises(ValueError, match="aware"):
            refusal(MORNING, terms(), at("10:00").replace(tzinfo=None))

    def test_the_reason_is_told_to_machines_too_and_the_start_is_named(self):
        for kind in SlotUnavailable.__subclasses__():
            assert kind().params == {"reason": kind.reason}
            assert kind().field == "start"

    def test_every_reason_has_a_sentence_of_its_own(self):
        kinds = SlotUnavailable.__subclasses__()
        assert {kind.reason for kind in kinds} == {
            "past", "too_soon", "too_far", "outside_hours", "off_grid", "daily_limit", "busy",
        }  # fmt: skip
        assert {kind.code for kind in kinds} == {"slot_unavailable"}
        assert len({kind.message for kind in (*kinds, SlotTaken)}) == 8
