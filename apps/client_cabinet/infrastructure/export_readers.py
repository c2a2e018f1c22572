"""The person whom an exported file speaks to, from identity."""

from uuid import UUID

from apps.client_cabinet.application.export_ports import FileReader
from apps.identity import facade as identity
from apps.kernel.domain.errors import NotFound


def file_reader(client_id: UUID) -> FileReader:
    """Raises NotFound when there is no such person."""
    person = identity.client(client_id)
    if person is None:
        raise NotFound
    return FileReader(name=person.display_name, time_zone=person.time_zone, language=person.language)
