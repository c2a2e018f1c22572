"""What happens in identity: past tense, ids and P0 data only."""

from dataclasses import dataclass

from apps.kernel.domain.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SignInCodeRequested(DomainEvent):
    """Somebody asked for a code; ``row_id`` and ``request_number`` name the request, nobody's address."""

    row_id: int
    request_number: int
