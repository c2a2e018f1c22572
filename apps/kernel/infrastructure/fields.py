"""Model fields whose values are encrypted at rest: ciphertext alone reaches the database and histories."""

import json
from typing import Any

from django.db import models

from apps.kernel.infrastructure.encryption import encryption_service


class EncryptedTextField(models.TextField):
    """A text kept as ciphertext. Empty text is kept empty; lookups on the value are meaningless.

    ``row`` names the attribute (or attributes) that tell the row apart, ``person`` the one that holds the id
    of the person whose data key seals the text; without it the practice's own key does.
    """

    def __init__(
        self, *args: Any, row: str | tuple[str, ...] = "id", person: str | None = None, **kwargs: Any
    ) -> None:
        self.row, self.person = row, person
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        return encryption_service().encrypt(str(value)) if value not in (None, "") else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return encryption_service().decrypt(value) if value not in (None, "") else value


class EncryptedJSONField(models.Field):
    """A JSON value kept as ciphertext of its text; ``row`` and ``person`` as of EncryptedTextField."""

    def __init__(
        self, *args: Any, row: str | tuple[str, ...] = "id", person: str | None = None, **kwargs: Any
    ) -> None:
        self.row, self.person = row, person
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "TextField"

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return encryption_service().encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else json.loads(encryption_service().decrypt(value))

    def value_to_string(self, obj: Any) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
