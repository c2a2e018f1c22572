"""Model fields whose values are encrypted at rest: ciphertext alone reaches the database and histories.

Every value is sealed for the field, the row and the person of its instance, and opens nowhere else. It is
opened when the attribute is read, not when the row is.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.signals import post_init

from apps.kernel.application.ports import Place
from apps.kernel.infrastructure import sealed
from apps.kernel.infrastructure.encryption import encryption_service
from apps.kernel.infrastructure.sealed import EncryptedAttribute, Sealed


class EncryptedField(models.Field):
    """What encrypted fields have in common.

    ``row`` names the attribute (or attributes) that tell the row apart and are known before it is inserted;
    ``person`` the one that holds the id of the person whose data key seals the value: without one, or when it
    is None, the practice's own key does. ``label`` is ``app.model.field`` of the model that declares the
    field; a history keeps it. In the models of migrations values stay sealed.
    """

    descriptor_class = EncryptedAttribute
    keeps_empty = False
    label = ""
    stays_sealed = False

    def __init__(
        self, *args: Any, row: str | tuple[str, ...] = "id", person: str | None = None, **kwargs: Any
    ) -> None:
        self.row, self.person = row, person
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "TextField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if cls._meta.abstract:
            return
        self.label = self.label or f"{cls._meta.label_lower}.{name}"
        self.stays_sealed = cls.__module__ == "__fake__"
        if not self.stays_sealed:
            post_init.connect(self._bind, sender=cls, weak=False, dispatch_uid=f"bind {name}")

    def get_lookup(self, lookup_name: str) -> Any:
        """Whether there is a value may be asked, and no more."""
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull") else None

    def get_transform(self, lookup_name: str) -> None:
        return None

    def text_of(self, value: Any) -> str:
        """The text that is sealed for ``value``."""
        return str(value)

    def value_of(self, text: str) -> Any:
        """The value that ``text`` was sealed for."""
        return text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return Sealed(value) if value is not None and not (value == "" and self.keeps_empty) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return sealed.to_write(self, model_instance)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        if value is None or (value == "" and self.keeps_empty):
            return value
        raise TypeError(
            f"{self.label}: an encrypted field is written through its instance (save, bulk_create), and is "
            "never searched: assign the value and save the instance."
        )

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """What ``dumpdata`` writes: the ciphertext."""
        return str(self.get_prep_value(self.pre_save(obj, False)) or "")

    def _bind(self, instance: models.Model, **_: Any) -> None:
        sealed.bind(self, instance)


class EncryptedTextField(EncryptedField, models.TextField):
    """A text kept as ciphertext. Empty text is kept empty."""

    keeps_empty = True


class EncryptedJSONField(EncryptedField):
    """A JSON value kept as ciphertext of its text."""

    def text_of(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def value_of(self, text: str) -> Any:
        return json.loads(text)


def encrypted_fields(model: type[models.Model]) -> list[EncryptedField]:
    """The encrypted fields of ``model``."""
    return [each for each in model._meta.concrete_fields if isinstance(each, EncryptedField)]


def as_loaded(model: type[models.Model], values: Iterable[Any]) -> list[Any]:
    """The columns of ``model`` as a statement written by hand has them, ready for ``from_db``."""
    return [
        field.from_db_value(value, None, None) if isinstance(field, EncryptedField) else value
        for field, value in zip(model._meta.concrete_fields, values, strict=True)
    ]


def place_of(row: models.Model, name: str) -> Place:
    """Where the encrypted field ``name`` of ``row`` stands, for statements that are written by hand."""
    field = row._meta.get_field(name)
    if not isinstance(field, EncryptedField):
        raise TypeError(f"{name} is not encrypted")
    return sealed.place_of(field, row)


def text_in(row: models.Model, name: str) -> str:
    """The text that is sealed in the field ``name`` of ``row``, for answers that hand it on as it is: of a
    JSON field its JSON, which is not read. Raises DecryptionFailed, KeyDestroyed."""
    field, value = row._meta.get_field(name), row.__dict__[name]
    if not isinstance(field, EncryptedField):
        raise TypeError(f"{name} is not encrypted")
    if isinstance(value, Sealed):
        return encryption_service().decrypt(value.token, place=value.place or sealed.place_of(field, row))
    return field.text_of(getattr(row, name))


def preload_keys(rows: Iterable[models.Model]) -> None:
    """Make ready to open the encrypted values of ``rows``: one statement at most for all their people."""
    persons = []
    for row in rows:
        for each in encrypted_fields(type(row)):
            sealed.bind(each, row)
            value = row.__dict__.get(each.attname)
            if isinstance(value, Sealed) and value.place is not None:
                persons.append(value.place.person)
    encryption_service().preload(persons)
