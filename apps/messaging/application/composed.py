"""What composing a letter comes to, and the text it starts from."""

from dataclasses import dataclass

from apps.messaging.application.ports import Letter, Templates
from apps.messaging.domain.kinds import MessageKind
from apps.messaging.domain.message import Result
from apps.messaging.domain.template import TemplateVersion

DEFAULT_LANGUAGE = "ru"


class NotWanted(Exception):
    """The message is not to be sent: ``result`` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.value)
        self.result = result


class NotComposed(Exception):
    """The message cannot be made: ``result`` says why."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.value)
        self.result = result


@dataclass(frozen=True, kw_only=True)
class Composed:
    """``time_zone`` is the recipient's, for quiet hours."""

    letter: Letter
    template_version: int
    time_zone: str


def text_in_force(templates: Templates, kind: MessageKind, language: str) -> TemplateVersion:
    """The current text, in the default language where the asked one has none. Raises NotComposed."""
    version = templates.current(kind=kind, language=language)
    if version is None and language != DEFAULT_LANGUAGE:
        version = templates.current(kind=kind, language=DEFAULT_LANGUAGE)
    if version is None:
        raise NotComposed(Result.NOT_COMPOSED)
    return version
