"""How often one may try a second factor, and which codes still count."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.identity.domain.second_factor import (
    LONGEST_LOCK,
    MOST_FAILURES,
    AuthenticatorName,
    SecondFactorLocked,
    Tries,
    authenticator_name,
)
from tests.counts import property_settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tries() -> Tries:
    return Tries(user_id=uuid4())


def lock(mine: Tries, at: datetime) -> timedelta:
    """Try wrongly until it locks; how long."""
    while not mine.fail(at=at):
        pass
    return mine.locked_until - at


def test_the_fifth_wrong_code_locks_for_a_quarter_of_an_hour():
    mine = tries()
    assert [mine.fail(at=NOW) for _ in range(MOST_FAILURES)] == [False] * 4 + [True]
    with pytest.raises(SecondFactorLocked) as refusal:
        mine.refuse_while_locked(at=NOW + timedelta(minutes=14, seconds=30))
    assert refusal.value.params == {"minutes": 1}
    mine.refuse_while_locked(at=NOW + timedelta(minutes=15))


def test_each_lock_is_twice_as_long_up_to_a_day():
    mine, at, lengths = tries(), NOW, []
    for _ in range(12):
        lengths.append(lock(mine, at))
        at = mine.locked_until
    assert lengths[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
    assert lengths[-1] == LONGEST_LOCK


def test_a_right_code_forgives_the_wrong_ones():
    mine = tries()
    lock(mine, NOW)
    mine.succeed()
    mine.refuse_while_locked(at=NOW)
    assert lock(mine, NOW) == timedelta(minutes=15)


@property_settings(30, 500)
@given(st.lists(st.integers(min_value=1, max_value=60)))
def test_no_code_is_taken_twice_nor_after_a_later_one(counters):
    mine = tries()
    taken = [counter for counter in counters if mine.take(counter)]
    assert taken == sorted(set(taken))


@property_settings(30, 500)
@given(st.lists(st.booleans(), max_size=60))
def test_at_most_four_wrong_codes_stand_between_two_locks(answers):
    mine, at, looked_at = tries(), NOW, 0
    for right in answers:
        try:
            mine.refuse_while_locked(at=at)
        except SecondFactorLocked:
            at = mine.locked_until
            looked_at = 0
        if right:
            mine.succeed()
            looked_at = 0
        else:
            mine.fail(at=at)
            looked_at += 1
        assert looked_at <= MOST_FAILURES
        assert mine.failures < MOST_FAILURES


@pytest.mark.parametrize("name", ["", "  ", "\0", "я" * 61])
def test_an_authenticator_has_a_name_of_sensible_length(name):
    with pytest.raises(AuthenticatorName):
        authenticator_name(name)
    assert authenticator_name("  Мой \n телефон ") == "Мой телефон"
