"""How the parts of a place become bytes: each with its length before it, so that no two places look alike."""

from collections.abc import Iterable

from apps.kernel.application.ports import Place


def framed(parts: Iterable[bytes | str]) -> bytes:
    """The parts, each after its length in four bytes: ("ab", "c") and ("a", "bc") differ."""
    out = bytearray()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        out += len(data).to_bytes(4, "big") + data
    return bytes(out)


def place_parts(place: Place) -> tuple[bytes, ...]:
    """Field, row and person of ``place``; the practice's own texts have an empty person."""
    person = b"" if place.person is None else place.person.bytes
    return place.field.encode(), place.row.encode(), person
