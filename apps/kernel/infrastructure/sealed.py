"""Values of encrypted fields as they lie in an instance: sealed, or opened beside their ciphertext."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from apps.kernel.application.ports import Place
from apps.kernel.infrastructure.encryption import encryption_service

if TYPE_CHECKING:
    from apps.kernel.infrastructure.fields import EncryptedField


@dataclass(slots=True)
class Sealed:
    """A ciphertext that nobody has opened yet; ``place`` is where it was read."""

    token: str = field(repr=False)
    place: Place | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return "(sealed)"


@dataclass(slots=True)
class Opened:
    """A value beside the ciphertext that it was opened from, which is kept as long as nothing changes."""

    token: str = field(repr=False)
    place: Place = field(repr=False)
    text: str = field(repr=False)
    value: Any = field(repr=False)


class EncryptedAttribute(DeferredAttribute):
    """The attribute of an encrypted field: opens its ciphertext when somebody asks for the value."""

    field: "EncryptedField"

    def __get__(self, instance: Model | None, cls: type[Model] | None = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed) and not self.field.stays_sealed:
            value = instance.__dict__[self.field.attname] = opened(self.field, instance, value)
        return value.value if isinstance(value, Opened) else value

    def __set__(self, instance: Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value

    def fetch_one(self, instance: Model) -> None:
        """Load the deferred ciphertext alone: Django's way would open it."""
        manager = type(instance)._base_manager  # noqa: SLF001 - as Django's own descriptor does
        rows = manager.using(instance._state.db).filter(pk=instance.pk)  # noqa: SLF001
        for value in rows.values_list(self.field.attname, flat=True):
            instance.__dict__[self.field.attname] = value
            bind(self.field, instance)


def opened(of: "EncryptedField", instance: Model, sealed: Sealed) -> Opened:
    """Open ``sealed`` where it was read. Raises DecryptionFailed, KeyDestroyed."""
    place = sealed.place or place_of(of, instance)
    text = encryption_service().decrypt(sealed.token, place=place)
    return Opened(sealed.token, place, text, of.value_of(text))


def to_write(of: "EncryptedField", instance: Model) -> Any:
    """What belongs into the column: the ciphertext that was read if text and place are still the same, a new
    one otherwise. Raises KeyDestroyed, and ValueError if the place is not known yet."""
    value = instance.__dict__.get(of.attname)
    if value is None or (value == "" and of.keeps_empty):
        return value
    if of.stays_sealed:
        return value
    place = place_of(of, instance)
    if isinstance(value, Sealed):
        if value.place in (None, place):
            return value
        value = opened(of, instance, value)
    if isinstance(value, Opened):
        text = of.text_of(value.value)
        if value.place == place and value.text == text:
            return Sealed(value.token, place)
    else:
        text = of.text_of(value)
    return Sealed(encryption_service().encrypt(text, place=place), place)


def place_of(of: "EncryptedField", instance: Model) -> Place:
    """Where the field of ``instance`` stands. Raises ValueError while what names its row is not known."""
    names = (of.row,) if isinstance(of.row, str) else of.row
    parts = [_canonical(instance, name) for name in names]
    if None in parts:
        raise ValueError(
            f"{of.label}: what names the row ({', '.join(names)}) must be known before it is sealed"
        )
    person = None if of.person is None else _canonical(instance, of.person)
    if person is not None and not isinstance(person, UUID):
        raise TypeError(f"{of.label}: {of.person} is no UUID of a person")
    return Place(field=of.label, row=_row(parts), person=person)


def bind(of: "EncryptedField", instance: Model) -> None:
    """Remember where a value that was just read stands, so that a change of its row or person is noticed."""
    value = instance.__dict__.get(of.attname)
    if not isinstance(value, Sealed) or value.place is not None or of.stays_sealed:
        return
    names = [of.row] if isinstance(of.row, str) else [*of.row]
    if of.person is not None:
        names.append(of.person)
    if all(name in instance.__dict__ for name in names):
        value.place = place_of(of, instance)


def _canonical(instance: Model, name: str) -> Any:
    """The attribute as its field means it: an id given as text is the same id."""
    value = getattr(instance, name)
    if value is None or type(value) is UUID:  # as nearly all are: a list of a hundred rows asks for it often
        return value
    known = {each.attname: each for each in instance._meta.concrete_fields} | {
        each.name: each for each in instance._meta.concrete_fields
    }
    return known[name].to_python(value) if name in known else value


def _row(parts: list[Any]) -> str:
    texts = [
        each.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(each, datetime) else str(each)
        for each in parts
    ]
    return "/".join(f"{len(text)}:{text}" for text in texts) if len(texts) > 1 else texts[0]
