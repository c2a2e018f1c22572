"""Hand-written stand-ins of what an erasure needs; ``steps`` tells in which order they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from apps.client_cabinet.application.erasure_ports import Standing
from apps.client_cabinet.domain.erasure import (
    DestructionAct,
    ErasureNotFound,
    ErasureRequest,
    Operator,
    Scope,
    Tombstone,
)
from apps.client_cabinet.domain.subject_request import (
    ENDED_BY_ERASURE,
    RequestStatus,
    SubjectRequest,
    SubjectRequestNotFound,
)
from apps.kernel.application.personal_data import Kept, Obstacle, PersonalData

OPERATOR = Operator(
    name="ИП Петрова",
    address="Москва",
    inn="770000000000",
    system="Эмоциональный баланс",
    responsible="Петрова А. А.",
    position="владелец",
    processor="",
)


def five_day_week(day: date) -> bool:
    return day.weekday() < 5


@dataclass
class World:
    """Everything that erasing touches, in memory."""

    standing: Standing | None = field(default_factory=lambda: Standing(is_client=True, is_erased=False))
    steps: list[str] = field(default_factory=list)
    entries: dict[UUID, datetime] = field(default_factory=dict)
    standing_against: list[Obstacle] = field(default_factory=list)
    acts: dict[int, DestructionAct] = field(default_factory=dict)
    stones: list[Tombstone] = field(default_factory=list)
    erasures: dict[UUID, ErasureRequest] = field(default_factory=dict)
    requests: dict[UUID, SubjectRequest] = field(default_factory=dict)
    audited: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    published: list[Any] = field(default_factory=list)
    code: str = "1234-5678"

    def sections(self) -> list[PersonalData]:
        return [self.section("profile"), self.section("appointments", obstacles=True)]

    def section(self, name: str, *, obstacles: bool = False) -> PersonalData:
        def erase(person_id: UUID, at: datetime) -> Mapping[str, int]:
            self.steps.append(f"erase {name}")
            return {name: 2}

        return PersonalData(
            section=name,
            title=name.title(),
            count=lambda person_id: 2,
            export=lambda person_id: iter(()),
            erase=erase,
            kept=lambda person_id: [Kept(what=name, ground="a law", years=5, count=2)],
            obstacles=lambda person_id, at: self.standing_against if obstacles else [],
        )


@dataclass
class FakePeople:
    world: World

    def lock(self, person_id: UUID) -> Standing | None:
        self.world.steps.append("lock")
        return self.world.standing

    def withdraw_consents(self, person_id: UUID, *, actor: Any, ground: str, at: datetime) -> int:
        self.world.steps.append("withdraw")
        return 1


@dataclass
class FakeKeys:
    world: World

    def destroy(self, person: UUID, *, at: datetime) -> bool:
        self.world.steps.append("destroy key")
        return True


@dataclass
class FakeDiaries:
    world: World

    def entries(self, person_id: UUID) -> int:
        return len(self.world.entries)

    def has(self, person_id: UUID, entry_id: UUID) -> bool:
        return entry_id in self.world.entries

    def erase_entry(self, person_id: UUID, entry_id: UUID) -> Mapping[str, int]:
        return {"diary_entries": 1} if self.world.entries.pop(entry_id, None) else {}

    def erase_all(self, person_id: UUID, *, written_until: datetime) -> Mapping[str, int]:
        gone = [key for key, at in self.world.entries.items() if at <= written_until]
        for key in gone:
            del self.world.entries[key]
        return {"diary_entries": len(gone)} if gone else {}


@dataclass
class FakeActs:
    world: World

    def add(self, act: DestructionAct) -> DestructionAct:
        numbered = replace(act, number=len(self.world.acts) + 1)
        self.world.acts[len(self.world.acts) + 1] = numbered
        return numbered

    def get(self, number: int) -> DestructionAct:
        return self.world.acts[number]


@dataclass
class FakeTombstones:
    world: World

    def add(self, tombstone: Tombstone) -> None:
        if tombstone not in self.world.stones:
            self.world.stones.append(tombstone)

    def all(self, *, person_id: UUID | None = None) -> list[Tombstone]:
        return [each for each in self.world.stones if person_id in (None, each.person_id)]


@dataclass
class FakeErasures:
    world: World

    def add(self, request: ErasureRequest) -> None:
        self.world.erasures[request.id] = request

    def get(self, request_id: UUID, *, person_id: UUID) -> ErasureRequest:
        found = self.world.erasures.get(request_id)
        if found is None or found.person_id != person_id:
            raise ErasureNotFound
        return found

    def save(self, request: ErasureRequest) -> None:
        self.world.erasures[request.id] = request


@dataclass
class FakeRequests:
    world: World

    def get(self, request_id: UUID) -> SubjectRequest:
        return self.find(request_id)

    def find(self, request_id: UUID) -> SubjectRequest:
        if request_id not in self.world.requests:
            raise SubjectRequestNotFound
        return self.world.requests[request_id]

    def open_of(self, person_id: UUID) -> list[SubjectRequest]:
        return [
            each
            for each in self.world.requests.values()
            if each.person_id == person_id
            and each.status is RequestStatus.OPEN
            and each.kind in ENDED_BY_ERASURE
        ]

    def add(self, request: SubjectRequest) -> None:
        self.world.requests.setdefault(request.id, request)

    def save(self, request: SubjectRequest) -> None:
        self.world.requests[request.id] = request


@dataclass
class FakeCodes:
    world: World

    def request(self, *, person_id: UUID, scope: Scope, at: datetime) -> UUID:
        self.world.steps.append(f"code for {scope}")
        return UUID(int=77)

    def accept(
        self, *, confirmation_id: UUID, person_id: UUID, scope: Scope, code: str, at: datetime
    ) -> None:
        self.world.steps.append("accept")
        if code != self.world.code:
            raise PermissionError


@dataclass
class FakeAudit:
    world: World

    def record(self, *, action: str, **told: Any) -> None:
        self.world.audited.append((action, told))


@dataclass
class FakeEvents:
    world: World

    def publish(self, events: Any) -> None:
        self.world.published += list(events)
