"""Proving oneself, and managing what one proves oneself with: the use cases over stand-ins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.identity.application.second_factor import PassSecondFactor
from apps.identity.domain.second_factor import Method, SecondFactorLocked, SecondFactorWrong, Tries
from apps.kernel.domain.actor import Actor
from tests.identity.fakes import FakeAudit, FakeUnitOfWork

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ME = uuid4()
ACTOR = Actor(user_id=ME, role="owner")


@dataclass
class FakeTries:
    rows: dict[UUID, Tries] = field(default_factory=dict)
    saved: int = 0

    def of(self, user_id: UUID) -> Tries:
        return self.rows.setdefault(user_id, Tries(user_id=user_id))

    def save(self, tries: Tries) -> None:
        self.rows[tries.user_id] = tries
        self.saved += 1


@dataclass
class FakeFactors:
    codes: dict[str, int] = field(default_factory=lambda: {"111111": 7})
    recovery: set[str] = field(default_factory=lambda: {"12345 67890"})
    passkey: Mapping[str, Any] = field(default_factory=lambda: {"id": "right"})
    used: list[Method] = field(default_factory=list)
    asked: int = 0

    def totp_counter(self, *, user_id: UUID, code: str) -> int | None:
        self.asked += 1
        return self.codes.get(code)

    def use_recovery_code(self, *, user_id: UUID, code: str) -> bool:
        found = code in self.recovery
        self.recovery.discard(code)
        return found

    def use_passkey(self, *, user_id: UUID, response: Mapping[str, Any]) -> bool:
        return response == self.passkey

    def note_use(self, *, user_id: UUID, method: Method, at: datetime) -> None:
        self.used.append(method)


class Door:
    def __init__(self) -> None:
        self.tries, self.factors, self.audit, self.work = (
            FakeTries(),
            FakeFactors(),
            FakeAudit(),
            FakeUnitOfWork(),
        )
        self.open = PassSecondFactor(
            tries=self.tries, factors=self.factors, audit=self.audit, unit_of_work=self.work
        )

    def give(self, answer: Any) -> Method:
        return self.open(user_id=ME, answer=answer, purpose="sign_in", actor=ACTOR, at=NOW)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.mark.parametrize(
    ("answer", "method"),
    [
        ("111111", Method.TOTP),
        ("12345 67890", Method.RECOVERY_CODE),
        ({"id": "right"}, Method.PASSKEY),
    ],
    ids=["app", "recovery code", "passkey"],
)
def test_each_way_opens_and_is_written_down(door: Door, answer: Any, method: Method) -> None:
    assert door.give(answer) is method
    assert door.factors.used == [method]
    assert door.audit.actions == ["second_factor_passed"]
    assert door.audit.changes == [{"purpose": (None, "sign_in"), "method": (None, method.value)}]


def test_a_wrong_code_is_counted_in_a_transaction_that_stays(door: Door) -> None:
    with pytest.raises(SecondFactorWrong):
        door.give("000000")
    assert (door.work.committed, door.work.rolled_back) == (1, 0)
    assert door.tries.rows[ME].failures == 1
    assert door.audit.actions == ["second_factor_failed"]


def test_a_code_opens_once(door: Door) -> None:
    door.give("111111")
    with pytest.raises(SecondFactorWrong):
        door.give("111111")


def test_nothing_is_looked_at_while_locked_but_a_passkey_opens(door: Door) -> None:
    for _ in range(5):
        with pytest.raises((SecondFactorWrong, SecondFactorLocked)):
            door.give("000000")
    asked = door.factors.asked
    with pytest.raises(SecondFactorLocked):
        door.give("111111")
    assert door.factors.asked == asked
    assert door.audit.actions.count("second_factor_locked") == 1
    assert door.give({"id": "right"}) is Method.PASSKEY


def test_a_wrong_passkey_locks_nobody(door: Door) -> None:
    for _ in range(9):
        with pytest.raises(SecondFactorWrong):
            door.give({"id": "wrong"})
    assert door.give("111111") is Method.TOTP
