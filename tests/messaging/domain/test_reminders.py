"""When reminders are due, whatever the zone, the season and the hour of booking."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.messaging.domain.delivery_rules import DeliveryRules
from apps.messaging.domain.kinds import MessageKind
from apps.messaging.domain.quiet_hours import QuietHours
from apps.messaging.domain.reminders import reminders
from tests.counts import property_settings
from tests.messaging.domain.test_quiet_hours import at, clocks, instants, zones

DAY, HOUR = MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOUR


def rules(**values: object) -> DeliveryRules:
    fields = {
        "reminder_day_hours": 24,
        "reminder_hour_hours": 1,
        "quiet_hours": QuietHours(time(21), time(9)),
        "switched_off": frozenset(),
    }
    return DeliveryRules(**{**fields, **values})  # type: ignore[arg-type]


def due(
    start: datetime, now: datetime, zone: str = "Europe/Moscow", **values: object
) -> dict[MessageKind, datetime]:
    planned = reminders(start=start, time_zone=zone, rules=rules(**values), now=now)
    return {each.kind: each.due_at for each in planned}


def test_a_day_and_an_hour_before() -> None:
    start = at("Europe/Moscow", "2026-03-12T15:00")
    assert due(start, start - timedelta(days=5)) == {
        DAY: start - timedelta(hours=24),
        HOUR: start - timedelta(hours=1),
    }


def test_a_moment_that_has_passed_is_left_out() -> None:
    start = at("Europe/Moscow", "2026-03-12T15:00")
    assert due(start, start - timedelta(hours=20)).keys() == {HOUR}
    assert due(start, start - timedelta(minutes=59)) == {}


def test_the_first_waits_for_the_morning_the_second_does_not() -> None:
    start = at("Europe/Moscow", "2026-03-12T08:00")
    assert due(start, start - timedelta(days=5)) == {
        DAY: at("Europe/Moscow", "2026-03-11T09:00"),
        HOUR: at("Europe/Moscow", "2026-03-12T07:00"),
    }


def test_where_the_morning_is_too_late_it_comes_the_evening_before() -> None:
    start = at("Europe/Moscow", "2026-03-12T08:30")
    found = due(start, start - timedelta(days=5), reminder_day_hours=6)
    assert found[DAY] == at("Europe/Moscow", "2026-03-11T20:59")


def test_over_the_years_end_and_a_leap_day() -> None:
    new_year = at("Europe/Moscow", "2027-01-01T12:00")
    assert due(new_year, new_year - timedelta(days=9))[DAY] == at("Europe/Moscow", "2026-12-31T12:00")
    leap = at("Europe/Moscow", "2028-03-01T12:00")
    assert due(leap, leap - timedelta(days=9))[DAY] == at("Europe/Moscow", "2028-02-29T12:00")


def test_a_day_before_is_twenty_four_hours_on_the_night_of_a_jump_too() -> None:
    start = at("Europe/Berlin", "2026-03-29T15:00")
    assert due(start, start - timedelta(days=9), "Europe/Berlin")[DAY] == at(
        "Europe/Berlin", "2026-03-28T14:00"
    )


@property_settings(300)
@given(instants, zones, st.integers(0, 20 * 24 * 60), st.integers(2, 72), clocks, clocks)
def test_never_in_quiet_hours_never_after_the_start_never_in_the_past(
    start: datetime, zone: str, minutes_ahead: int, lead: int, quiet_from: time, quiet_until: time
) -> None:
    start = start.replace(second=0, microsecond=0)
    now = start - timedelta(minutes=minutes_ahead)
    quiet = QuietHours(quiet_from, quiet_until)
    found = reminders(
        start=start, time_zone=zone, rules=rules(reminder_day_hours=lead, quiet_hours=quiet), now=now
    )
    kinds = [each.kind for each in found]
    assert len(kinds) == len(set(kinds))
    for each in found:
        assert now < each.due_at < start
        if each.kind is DAY:
            assert not quiet.holds(each.due_at, zone)
    if minutes_ahead > (lead + 26) * 60:
        assert kinds == [DAY, HOUR]


def test_utc_comes_out() -> None:
    start = at("Asia/Vladivostok", "2026-03-12T15:00")
    assert all(
        each.tzinfo is UTC for each in due(start, start - timedelta(days=3), "Asia/Vladivostok").values()
    )
