"""What the cabinet does when something happens elsewhere."""

from apps.client_cabinet import wiring
from apps.client_cabinet.domain.events import ExportReady, PersonalDataErased
from apps.identity.events import ConsentWithdrawn
from apps.kernel.infrastructure.event_bus import Subscription


def _publish_tombstone(event: PersonalDataErased) -> None:
    wiring.publish_tombstones(person_id=event.person_id)


def _enter_withdrawal(event: ConsentWithdrawn) -> None:
    wiring.enter_withdrawal(
        id=event.event_id, person_id=event.user_id, purpose=event.purpose, at=event.occurred_at
    )


def _enter_access(event: ExportReady) -> None:
    wiring.enter_access(id=event.event_id, person_id=event.client_id, at=event.occurred_at)


SUBSCRIPTIONS: list[Subscription] = [
    Subscription(
        event=PersonalDataErased, name="client_cabinet.publish_tombstone", handler=_publish_tombstone
    ),
    Subscription(event=ConsentWithdrawn, name="client_cabinet.enter_withdrawal", handler=_enter_withdrawal),
    Subscription(event=ExportReady, name="client_cabinet.enter_access", handler=_enter_access),
]
