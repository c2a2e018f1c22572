"""The search for slots against an oracle that goes minute by minute, and against itself."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from apps.booking.domain.slots import (
    Occupied,
    SlotTaken,
    SlotUnavailable,
    ensure_bookable,
    find_starts,
    occupied_window,
)
from apps.kernel.domain.period import Period
from tests.booking.domain.slot_oracle import SlotOracle
from tests.booking.domain.strategies import MINUTE, Practice, practices
from tests.counts import property_settings


def refusal(practice: Practice, start: datetime) -> str | None:
    """The reason that ``ensure_bookable`` gives, or None when it accepts."""
    question = practice.question()
    del question["window"]
    try:
        ensure_bookable(**question, start=start)
    except SlotTaken:
        return "slot_taken"
    except SlotUnavailable as error:
        return error.reason
    return None


@property_settings()
@given(practices())
def test_the_search_offers_exactly_what_the_oracle_finds(practice):
    assert find_starts(**practice.question()) == SlotOracle(**practice.question()).starts()


@property_settings()
@given(practices(), st.data())
def test_a_start_is_accepted_exactly_when_it_is_offered_and_refused_for_the_first_broken_rule(practice, data):
    oracle = SlotOracle(**practice.question())
    offered = find_starts(**practice.question())
    minutes = range(int(practice.window.start.timestamp()), int(practice.window.end.timestamp()), 60)
    asked = data.draw(st.lists(st.sampled_from(minutes), max_size=8))
    if offered:
        asked += data.draw(st.lists(st.sampled_from(offered), max_size=8))
    for second in asked:
        start = datetime.fromtimestamp(second, UTC)
        if second in offered:
            assert refusal(practice, start) is None
        else:
            assert refusal(practice, start) == oracle.reason(start)
        assert refusal(practice, start + timedelta(seconds=1)) is not None
        assert refusal(practice, start + timedelta(microseconds=1)) is not None


@property_settings()
@given(practices(), st.integers(0, 48 * 60))
def test_windows_side_by_side_offer_together_what_the_whole_offers(practice, minutes):
    middle = practice.window.start + minutes * MINUTE
    assume(middle > practice.window.start)
    assume(middle < practice.window.end)
    question = practice.question()
    parts = [
        find_starts(**(question | {"window": window}))
        for window in (Period(practice.window.start, middle), Period(middle, practice.window.end))
    ]
    assert find_starts(**question) == parts[0] + parts[1]


@property_settings()
@given(practices())
def test_what_lies_outside_the_window_to_load_changes_nothing(practice):
    question = practice.question()
    widest = max(
        (max(one.start - one.blocked_start, one.blocked_end - one.start) for one in practice.occupied),
        default=timedelta(0),
    )
    reach = occupied_window(
        schedule=practice.schedule, terms=practice.terms, window=practice.window, max_buffer=widest
    )
    loaded = [one for one in practice.occupied if reach.contains(one.start)]
    blocked_reach = occupied_window(
        schedule=practice.schedule, terms=practice.terms, window=practice.window, max_buffer=timedelta(0)
    )
    met = [
        one
        for one in practice.occupied
        if one.blocked_start < blocked_reach.end and blocked_reach.start < one.blocked_end
    ]
    busy = [period for period in practice.busy if period.overlaps(blocked_reach)]
    whole = find_starts(**question)
    assert whole == find_starts(**(question | {"occupied": loaded}))
    assert whole == find_starts(**(question | {"occupied": met, "busy": busy}))


@property_settings()
@given(practices(), st.data())
def test_booking_start_after_start_never_overlaps_and_never_passes_a_limit(practice, data):
    """Book whatever is offered until nothing is: buffers keep their distance and limits hold."""
    terms, booked = practice.terms, list(practice.occupied)
    question = practice.question()
    taken: list[Occupied] = []
    for _ in range(6):
        offered = find_starts(**(question | {"occupied": booked}))
        if not offered:
            break
        start = datetime.fromtimestamp(data.draw(st.sampled_from(offered)), UTC)
        taken.append(
            Occupied(
                service_id=terms.service_id,
                start=start,
                blocked_start=start - terms.buffer_before,
                blocked_end=start + terms.duration + terms.buffer_after,
            )
        )
        assert all(
            taken[-1].blocked_end <= one.blocked_start or one.blocked_end <= taken[-1].blocked_start
            for one in booked
        )
        booked.append(taken[-1])
    zone = ZoneInfo(practice.schedule.time_zone)
    taken_by_day = Counter(one.start.astimezone(zone).date() for one in taken)
    before_by_day = Counter(one.start.astimezone(zone).date() for one in practice.occupied)
    limit = practice.schedule.daily_limit
    for day, count in taken_by_day.items():
        assert limit is None or count + before_by_day[day] <= limit
        assert terms.daily_limit is None or count <= terms.daily_limit
