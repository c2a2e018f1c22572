"""Encrypted fields that rows are found by: a whole value, compared through its blind index.

``contact = FindableTextField(...)`` with ``contact_index = BlindIndexField(of="contact")`` beside it:
``filter(contact="+79123456789")`` compares the index. Values are normalised before they get here.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, In

from apps.kernel.infrastructure.blind_index import INDEX_LENGTH, blind_index
from apps.kernel.infrastructure.fields import EncryptedField, EncryptedTextField
from apps.kernel.infrastructure.sealed import Sealed


class _ByIndex:
    """A comparison of the index column instead of the ciphertext."""

    def __init__(self, lhs: Col, rhs: Any) -> None:
        field = lhs.target
        if not isinstance(field, FindableField):
            raise TypeError("only an encrypted field that has an index is found by its value")
        index = field.model._meta.get_field(f"{field.name}_index")
        if not isinstance(index, BlindIndexField):
            raise TypeError(f"{field.label} has no index beside it")
        super().__init__(Col(lhs.alias, index), self._indexes(field, rhs))  # type: ignore[call-arg]  # the lookup's

    def _indexes(self, field: "FindableField", rhs: Any) -> Any:
        return field.index_of(rhs)


class ExactByIndex(_ByIndex, Exact):
    """``contact="…"``."""


class InByIndex(_ByIndex, In):
    """``contact__in=[…]``."""

    def _indexes(self, field: "FindableField", rhs: Iterable[Any]) -> list[str]:
        return [field.index_of(each) for each in rhs]


class FindableField(EncryptedField):
    """An encrypted field with a ``BlindIndexField`` called ``<name>_index`` beside it."""

    def get_lookup(self, lookup_name: str) -> Any:
        found = {"exact": ExactByIndex, "in": InByIndex}.get(lookup_name)
        return super().get_lookup(lookup_name) if found is None or self.stays_sealed else found

    def index_of(self, value: Any) -> str:
        """The blind index of ``value``. Raises TypeError for what is no value, as an expression is none."""
        if not isinstance(value, str | int):
            raise TypeError(f"{self.label}: an encrypted field is found by a value of its own only")
        return blind_index(self.label, self.text_of(value))


class FindableTextField(FindableField, EncryptedTextField):
    """A short text kept as ciphertext and found as a whole."""


class FindableIntegerField(FindableField):
    """A whole number kept as ciphertext and found as a whole."""

    def value_of(self, text: str) -> int:
        return int(text)

    def to_python(self, value: Any) -> Any:
        return int(value) if isinstance(value, str) else value


class BlindIndexField(models.CharField):
    """The blind index of the field ``of``, kept up by every save of the row; unique."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", INDEX_LENGTH)
        super().__init__(*args, **{"null": True, "unique": True, "editable": False, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """What the value's index is now; a ciphertext that nobody has opened has its index already."""
        if self.of and not isinstance(model_instance.__dict__.get(self.of), Sealed):
            field = model_instance._meta.get_field(self.of)
            if not isinstance(field, FindableField):
                raise TypeError(f"{self.of} is not to be found by an index")
            value = getattr(model_instance, self.of)
            setattr(model_instance, self.attname, None if value in (None, "") else field.index_of(value))
        return getattr(model_instance, self.attname)
