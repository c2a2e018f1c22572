"""Errors of the domain: sentences fit for a person, with codes fit for a machine."""

from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Mark ``message`` for translation without translating it: the domain knows no framework.

    The presentation layer translates with ``gettext(error.message) % error.params``.
    """
    return message


class DomainError(Exception):
    """A rule of the domain refuses the request; nothing has changed.

    Subclasses set ``code`` (stable, part of the API contract) and ``message`` (an English msgid, with
    ``%(name)s`` places for ``params``). ``params`` hold plain P0 data only: they may be logged and shown.
    ``field`` names the input that is to blame, where there is one. ``members`` are the names of those
    ``params`` that callers of the API act upon: they stand beside the code in the answer. ``leaves_trace``
    is for refusals that must be remembered (a wrong try that counts): a call of the API that raises one
    keeps what it has written before.
    """

    code: ClassVar[str] = "domain_error"
    message: ClassVar[str] = gettext_noop("This cannot be done.")
    members: ClassVar[tuple[str, ...]] = ()
    leaves_trace: ClassVar[bool] = False

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class NotFound(DomainError):
    """The thing asked for does not exist, or does not exist for the one who asks."""

    code = "not_found"
    message = gettext_noop("Not found.")


class PersonErased(DomainError):
    """Somebody was erased, and something new was to be kept about them at that moment."""

    code = "person_erased"
    message = gettext_noop("This person's data have been erased: nothing new can be kept about them.")


class StaleVersion(DomainError):
    """The record was changed by somebody else after it was read (optimistic lock)."""

    code = "stale_version"
    message = gettext_noop("Somebody has changed this record meanwhile. Reload the page and try again.")
