"""The fast JSON of free times says exactly what datetimes would."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from apps.booking.application.find_slots import FoundSlots
from apps.booking.presentation.api.slot_days import slots_json
from tests.counts import property_settings

ZONES = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
]


def slowly(found: FoundSlots, first: date, last: date) -> dict:
    zone = ZoneInfo(found.time_zone)
    days: dict[date, list[dict[str, str]]] = {
        first + timedelta(days=number): [] for number in range((last - first).days + 1)
    }
    for second in found.starts:
        start = datetime.fromtimestamp(second, UTC).astimezone(zone)
        end = (datetime.fromtimestamp(second, UTC) + found.duration).astimezone(zone)
        days[start.date()].append({"start": start.isoformat(), "end": end.isoformat()})
    return {
        "time_zone": found.time_zone,
        "days": [{"date": str(day), "slots": slots} for day, slots in days.items()],
    }


@property_settings()
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2005, 1, 1), date(2036, 1, 1)),
    length=st.integers(0, 61),
    step=st.sampled_from([5 * 60, 30 * 60, 55 * 60, 3_600, 3_601]),
    minutes=st.sampled_from([1, 50, 90, 12 * 60]),
)
# A whole date that Apia skipped, and nights on which Berlin, Havana and São Paulo change their clocks.
@example(zone="Pacific/Apia", first=date(2011, 12, 28), length=4, step=1_800, minutes=50)
@example(zone="Europe/Berlin", first=date(2026, 10, 24), length=2, step=1_800, minutes=50)
@example(zone="Europe/Berlin", first=date(2027, 3, 27), length=2, step=1_800, minutes=50)
@example(zone="America/Havana", first=date(2026, 10, 31), length=2, step=1_800, minutes=50)
@example(zone="America/Sao_Paulo", first=date(2018, 2, 16), length=3, step=1_800, minutes=50)
def test_it_equals_what_datetimes_say(zone: str, first: date, length: int, step: int, minutes: int) -> None:
    last = first + timedelta(days=length)
    opens = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    after = last + timedelta(days=1)
    closes = datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))
    found = FoundSlots(
        starts=list(range(int(opens.timestamp()), int(closes.timestamp()), step)),
        duration=timedelta(minutes=minutes),
        time_zone=zone,
    )
    assert json.loads(slots_json(found, first=first, last=last)) == slowly(found, first, last)
