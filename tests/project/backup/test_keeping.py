"""Old backups go, and never one that should stay."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from project.backup.keeping import ALL_OF, drop_superfluous, superfluous
from tests.counts import examples, property_settings

NEWEST = datetime(2026, 11, 22, 1, 20, tzinfo=UTC)
moments = st.sets(
    st.integers(0, 400 * 24).map(lambda hours: NEWEST - timedelta(hours=hours)), min_size=1, max_size=60
)


def test_a_year_of_nights_leaves_the_last_days_and_one_of_each_of_the_last_weeks():
    nights = [NEWEST - timedelta(days=age) for age in range(365)]

    kept = sorted(set(nights) - superfluous(nights, daily=14, weekly=8), reverse=True)

    assert kept[:14] == nights[:14]
    assert [moment.isoweekday() for moment in kept[14:]] == [7] * 6, "the newest of a week is its Sunday's"
    assert len(kept) == 20


def test_one_made_by_hand_pushes_none_of_the_night_out():
    by_hand = NEWEST + timedelta(hours=9)

    assert superfluous([NEWEST, by_hand], daily=1, weekly=1) == set()


@given(moments, st.integers(0, 30), st.integers(0, 30))
@property_settings(examples(80, 2_000))
def test_what_is_dropped_is_never_the_last_word(made, daily, weekly):
    kept = made - superfluous(made, daily=daily, weekly=weekly)

    assert max(made) in kept
    assert {moment for moment in made if max(made) - moment < ALL_OF} <= kept
    days, weeks = ({moment.date() for moment in each} for each in (made, kept))
    assert len(weeks) >= min(len(days), daily)
    assert superfluous(kept, daily=daily, weekly=weekly) == set(), "once is enough"


def test_files_that_are_none_of_ours_are_left_alone(tmp_path):
    names = [f"emotional-balance-20260{month}01T010000Z.age" for month in range(1, 10)]
    others = ["emotional-balance-notes.age", "emotional-balance-20260101T010000Z.age.part", "photo.jpg"]
    for name in [*names, *others]:
        (tmp_path / name).touch()

    dropped = drop_superfluous(tmp_path, daily=2, weekly=3)

    assert [file.name for file in dropped] == names[:-3]
    assert {file.name for file in tmp_path.iterdir()} == {*names[-3:], *others}
