"""A page of a diary as JSON.

What an entry says lies sealed as JSON already: it goes into the answer as it was opened, and everything
beside it is made of characters that need no escaping. Reading and writing it again costs more than opening.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from apps.client_cabinet.infrastructure.queries import payload_json


def page_json(links: Mapping[str, Any], rows: Iterable[Any]) -> str:
    """``{"next", "previous", "results"}``, the same as serializers would make it."""
    entries = ",".join(map(_entry, rows))
    return f'{{"next":{dumps(links["next"])},"previous":{dumps(links["previous"])},"results":[{entries}]}}'


def _entry(row: Any) -> str:
    happened = row.happened_at.astimezone(ZoneInfo(row.time_zone)).isoformat()
    return (
        f'{{"id":"{row.id}","type":"{row.type}","happened_at":"{happened}","time_zone":"{row.time_zone}",'
        f'"day":"{row.day.isoformat()}","payload":{payload_json(row)},"version":{row.version},'
        f'"shared":{_share(row)},"created_at":"{_utc(row.created_at)}","updated_at":"{_utc(row.updated_at)}"}}'
    )


def _share(row: Any) -> str:
    if row.shared_for is None:
        return "null"
    return f'{{"appointment_id":"{row.shared_for}","shared_at":"{_utc(row.shared_at)}"}}'


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
