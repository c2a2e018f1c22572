"""Rows of the cabinet and consents for tests: coherent defaults, every column can be named."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from apps.client_cabinet.infrastructure.models import DiaryEntry, Favourite, Material
from apps.identity import facade as identity
from apps.identity.infrastructure.models import User
from apps.kernel.domain.actor import SYSTEM
from tests.booking.factories import LEGAL, make_client, make_staff

HEALTH_VERSION = "1.0"
PAYLOADS: dict[str, dict[str, Any]] = {
    "emotions": {"emotions": [{"name": "тревога", "intensity": 6}], "situation": "Разговор о сроках."},
    "abc": {"activating_event": "Молчание", "beliefs": "Меня не любят", "consequences": "Грусть"},
    "sleep_energy": {"bed_time": "23:30", "rise_time": "07:15", "quality": 7, "energy": 6, "tension": 3},
    "gratitude": {"items": ["Прогулка", "Тихое утро"], "note": "Хороший день."},
}


def publish_health_consent() -> None:
    now = datetime.now(UTC)
    identity.publish_consent_document(
        purpose="health_data",
        version=HEALTH_VERSION,
        title="Согласие на обработку данных о здоровье",
        text="Я даю согласие на обработку сведений о моём состоянии.",
        legal=LEGAL,
        effective_from=now - timedelta(days=3),
        actor=SYSTEM,
        at=now,
    )


def consent_to_health_data(client: User) -> None:
    publish_health_consent()
    identity.grant_consents(
        user_id=client.pk,
        grants=[("health_data", HEALTH_VERSION)],
        channel="web",
        evidence={"ip": "192.0.2.1", "user_agent": "Browser"},
        at=datetime.now(UTC),
    )


def diarist(**values: Any) -> User:
    """A client who has consented to the processing of data about health."""
    client = make_client(**values)
    consent_to_health_data(client)
    return client


def make_entry(author: User | None = None, type: str = "emotions", **values: Any) -> DiaryEntry:
    """An entry of yesterday, written straight into the table."""
    now = datetime.now(UTC)
    happened = values.pop("happened_at", now - timedelta(days=1))
    zone = values.pop("time_zone", "Europe/Moscow")
    return DiaryEntry.objects.create(
        **{
            "author": author or make_client(),
            "type": type,
            "happened_at": happened,
            "time_zone": zone,
            "day": happened.astimezone(ZoneInfo(zone)).date(),
            "payload": PAYLOADS.get(type, {}),
            "shared_at": now if values.get("shared_for") else None,
            "created_at": now,
            "updated_at": now,
            **values,
        }
    )


def make_favourite(client: User | None = None, **values: Any) -> Favourite:
    return Favourite.objects.create(
        **{
            "client": client or make_client(),
            "kind": "content",
            "reference": f"article-{uuid4().hex[:8]}",
            "added_at": datetime.now(UTC),
            **values,
        }
    )


def make_material(client: User | None = None, status: str = "approved", **values: Any) -> Material:
    """A material that its client may read, by default; drafts and withdrawn ones have the times they need."""
    now = datetime.now(UTC)
    approved = status != "draft"
    author = values.pop("written_by", None) or make_staff()
    return Material.objects.create(
        **{
            "client": client or make_client(),
            "title": "Три опоры",
            "text": "## Три опоры\n\n1. Дыхание.",
            "status": status,
            "written_by": author,
            "created_at": now,
            "updated_at": now,
            "approved_by": author if approved else None,
            "approved_at": now if approved else None,
            "withdrawn_at": now if status == "withdrawn" else None,
            **values,
        }
    )
