"""Codes sent by e-mail: allauth's verification process over a row that is locked while it is looked at."""

from hmac import compare_digest
from typing import Any, ClassVar, Protocol

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings

from apps.kernel.infrastructure.keyed_hash import keyed_hash


class CodeRow(Protocol):
    """The row that keeps a code as an HMAC, with the state of allauth's process."""

    pk: Any
    code_hash: str
    state: Any

    def save(self, *, update_fields: list[str]) -> None: ...


class MailedCode(AbstractCodeVerificationProcess):
    """allauth's counting of tries and time over a locked row; the code itself is kept as a keyed hash.

    ``hashed_for`` keeps the hashes of one kind of code apart from those of another.
    """

    hashed_for: ClassVar[str]

    def __init__(self, row: CodeRow) -> None:
        self._row = row
        super().__init__(
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            state=row.state,
        )

    def initiate(self) -> str:
        """Start anew with a fresh code and return it; the code before stops working."""
        self.state = self.initial_state(user=None)
        code: str = get_adapter().generate_login_code()
        self._row.code_hash = self._hash(code)
        self.persist()
        return code

    def accept(self, code: str) -> bool:
        """Use the code up; False when it is wrong, expired, used or locked. Every wrong try is counted."""
        if not self._row.code_hash:
            return False
        if compare_digest(self._hash(code), self._row.code_hash) and self.is_valid():
            self.abort()
            return True
        self.record_invalid_attempt()
        return False

    def persist(self) -> None:
        self._row.state = self.state
        self._row.save(update_fields=["state", "code_hash"])

    def abort(self) -> None:
        self.state = {}
        self._row.code_hash = ""
        self.persist()

    def send(self) -> None:
        raise NotImplementedError("the letter is messaging's, which asks for the code when it sends")

    def _hash(self, code: str) -> str:
        return keyed_hash(self.hashed_for, str(self._row.pk), normalize_user_code(code))


def lifetime_minutes() -> int:
    """How long a code works."""
    return int(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) // 60
