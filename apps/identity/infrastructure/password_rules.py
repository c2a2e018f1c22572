"""Rules for passwords beside Django's own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

CONTEXT_WORDS = (
    "emotional",
    "balance",
    "эмоциональный",
    "баланс",
    "psycholog",
    "психолог",
    "practice",
    "практика",
    "therapy",
    "терапия",
    "workspace",
    "owner",
    "assistant",
    "admin",
)
"""Words that whoever guesses a password of this practice tries first (ASVS 6.1.2)."""

_SHORTEST_REST = 8


class ContextWordsValidator:
    """Refuses a password that is little more than the product's and the roles' names (ASVS 6.2.11): without
    them at least eight characters must be left."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in CONTEXT_WORDS:
            rest = rest.replace(word, "")
        if len(rest) < len(password) and len(rest) < _SHORTEST_REST:
            raise ValidationError(self.get_help_text(), code="password_context_word")

    def get_help_text(self) -> str:
        return gettext("The password must be more than the names of the practice, its roles and its work.")
