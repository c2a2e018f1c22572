"""What the text of a message may name, and how the values get into it."""

from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    """``name``: typed by strangers, so nothing in it may look like an address; ``link``: an http(s) address;
    ``place``: an address of either kind; ``text``: words of our own."""

    TEXT = "text"
    NAME = "name"
    LINK = "link"
    PLACE = "place"


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """``samples`` are what previews show, by language."""

    kind: ValueKind
    samples: dict[str, str]

    def sample(self, language: str) -> str:
        return self.samples.get(language, self.samples["ru"])


def _text(ru: str, en: str, kind: ValueKind = ValueKind.TEXT) -> Placeholder:
    return Placeholder(kind=kind, samples={"ru": ru, "en": en})


PLACEHOLDERS: dict[str, Placeholder] = {
    "client_name": _text("Мария", "Maria", ValueKind.NAME),
    "appointment_date": _text("12 марта", "12 March"),
    "appointment_weekday": _text("четверг", "Thursday"),
    "appointment_time": _text("15:00", "15:00"),
    "timezone": _text("МСК", "Moscow, UTC+3"),
    "service_name": _text("Индивидуальная консультация", "Individual session", ValueKind.NAME),
    "specialist_name": _text("Анна Орлова", "Anna Orlova", ValueKind.NAME),
    "place": _text("https://meet.example.org/orlova", "https://meet.example.org/orlova", ValueKind.PLACE),
    "appointment_link": _text(
        "https://example.org/pay/primer/", "https://example.org/pay/sample/", ValueKind.LINK
    ),
    "old_date": _text("10 марта", "10 March"),
    "old_time": _text("12:00", "12:00"),
    "amount": _text("4 500 ₽", "₽4,500"),
    "amount_due": _text("3 000 ₽", "₽3,000"),
    "refund_amount": _text("2 250 ₽", "₽2,250"),
    "expires_at": _text("12 марта, 13:00", "12 March, 13:00"),
    "code": _text("123456", "123456"),
    "minutes": _text("10 минут", "10 minutes"),
    "step": _text("подтвердить новый адрес почты", "confirm a new e-mail address"),
    "contact": _text("адрес электронной почты", "the e-mail address"),
    "staff_name": _text("Ольга", "Olga", ValueKind.NAME),
    "invitation_link": _text(
        "https://example.org/invitation/primer/", "https://example.org/invitation/sample/", ValueKind.LINK
    ),
    "hours": _text("72 часа", "72 hours"),
    "chain_number": _text("1024", "1024"),
    "chain_head": _text(
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    "chain_date": _text("12 марта, 03:10", "12 March, 03:10"),
}
