"""What an erasure would take, what the law keeps, and what has to end before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.client_cabinet.application.erasure_ports import Diaries
from apps.client_cabinet.domain.erasure import NothingToErase, Scope, check_scope
from apps.kernel.application.personal_data import Kept, Obstacle, PersonalData, nothing_is_erased

DIARY_TITLE = "Diary entries"


@dataclass(frozen=True, kw_only=True)
class Going:
    """One kind of thing that goes: ``title`` is an English msgid."""

    section: str
    title: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ErasurePlan:
    scope: Scope
    entry_id: UUID | None
    going: tuple[Going, ...]
    kept: tuple[Kept, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def is_possible(self) -> bool:
        return not self.obstacles


@dataclass(frozen=True)
class PlanErasure:
    diaries: Diaries
    sections: Callable[[], list[PersonalData]]

    def __call__(self, *, person_id: UUID, scope: Scope, entry_id: UUID | None, at: datetime) -> ErasurePlan:
        """Raises EntryRequired, NothingToErase (no such entry of this person)."""
        check_scope(scope, entry_id)
        if scope is Scope.ACCOUNT:
            return self._of_account(person_id, at)
        if entry_id is not None and not self.diaries.has(person_id, entry_id):
            raise NothingToErase
        count = 1 if entry_id is not None else self.diaries.entries(person_id)
        return ErasurePlan(
            scope=scope,
            entry_id=entry_id,
            going=(Going(section="diary", title=DIARY_TITLE, count=count),),
            kept=(),
            obstacles=(),
        )

    def _of_account(self, person_id: UUID, at: datetime) -> ErasurePlan:
        sections = self.sections()
        return ErasurePlan(
            scope=Scope.ACCOUNT,
            entry_id=None,
            going=tuple(
                Going(section=each.section, title=each.title, count=count)
                for each in sections
                if each.erase is not nothing_is_erased and (count := each.count(person_id))
            ),
            kept=tuple(kept for each in sections for kept in each.kept(person_id) if kept.count),
            obstacles=tuple(obstacle for each in sections for obstacle in each.obstacles(person_id, at)),
        )
