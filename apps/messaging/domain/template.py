"""The text of one kind of message in one language, with all its versions."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from apps.kernel.domain.aggregate import Aggregate
from apps.kernel.domain.errors import DomainError, NotFound, StaleVersion, gettext_noop
from apps.messaging.domain.kinds import KINDS, Channel, KindRules, MessageKind
from apps.messaging.domain.placeholders import PLACEHOLDERS, ValueKind

SUBJECT_MAX_LENGTH = 120
BODY_MAX_LENGTH = 10_000
_BRACES = re.compile(r"\{\{|\}\}")
_NAME = re.compile(r"[ \t]*([a-z][a-z0-9_]*)[ \t]*", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
# Where Markdown takes an address: after "](", in "[name]: address", and in "<scheme:address>".
_ADDRESSES = re.compile(
    r"\]\(\s*<?([^\s)>]*)|^[ \t]{0,3}\[[^\]]+\]:\s*<?(\S+)|<([a-z][a-z0-9+.-]+:[^>\s]*)>",
    re.MULTILINE | re.IGNORECASE,
)
_ONLY_A_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


class TemplateNotFound(NotFound):
    code = "message_template_not_found"
    message = gettext_noop("There is no such message template.")


class VersionNotFound(NotFound):
    code = "message_template_version_not_found"
    message = gettext_noop("This template has no such version.")


class TextMissing(DomainError):
    code = "template_text_missing"
    message = gettext_noop("Write both the subject and the text.")


class TextTooLong(DomainError):
    code = "template_text_too_long"
    message = gettext_noop("This is longer than %(limit)s characters.")


class SubjectNotOneLine(DomainError):
    """Line breaks in a subject would let a text write headers of its own."""

    code = "template_subject_not_one_line"
    message = gettext_noop("The subject must be a single line without control characters.")


class TextNotPlain(DomainError):
    code = "template_text_not_plain"
    message = gettext_noop("Line %(line)s holds a control character.")


class PlaceholderNotClosed(DomainError):
    code = "template_placeholder_not_closed"
    message = gettext_noop("Line %(line)s: “%(text)s” opens or closes a placeholder without its other half.")


class PlaceholderMalformed(DomainError):
    code = "template_placeholder_malformed"
    message = gettext_noop(
        "Line %(line)s: “%(text)s” is no placeholder; between braces stands a name of small Latin letters."
    )


class PlaceholderUnknown(DomainError):
    code = "template_placeholder_unknown"
    message = gettext_noop("Line %(line)s: this message knows no placeholder “%(name)s”.")


class PlaceholderMissing(DomainError):
    code = "template_placeholder_missing"
    message = gettext_noop("The text must name: %(names)s.")


class LinkInSubject(DomainError):
    code = "template_link_in_subject"
    message = gettext_noop("“%(name)s” is an address and has no place in the subject.")


class LinkNotAllowed(DomainError):
    code = "template_link_not_allowed"
    message = gettext_noop(
        "Line %(line)s: a link may lead to http(s):// addresses, or to a placeholder that is a link, alone."
    )


class NothingChanged(DomainError):
    code = "template_nothing_changed"
    message = gettext_noop("The text is the same as it is now.")


@dataclass(frozen=True, kw_only=True)
class TemplateVersion:
    """One text: ``number`` counts from 1; ``author_id`` is None for the text the product came with."""

    number: int
    subject: str
    body: str
    created_at: datetime
    author_id: UUID | None


@dataclass(kw_only=True, eq=False)
class MessageTemplate(Aggregate):
    """``current`` is what is sent; earlier versions stay as they were."""

    id: UUID
    kind: MessageKind
    channel: Channel
    language: str
    current: TemplateVersion

    @classmethod
    def write(
        cls,
        *,
        id: UUID,
        kind: MessageKind,
        channel: Channel,
        language: str,
        subject: str,
        body: str,
        author_id: UUID | None,
        now: datetime,
    ) -> Self:
        """The first version. Raises what :func:`ensure_sound` raises."""
        subject, body = tidy_subject(subject), tidy_body(body)
        ensure_sound(kind=kind, subject=subject, body=body)
        first = TemplateVersion(number=1, subject=subject, body=body, created_at=now, author_id=author_id)
        return cls(id=id, kind=kind, channel=channel, language=language, current=first)

    def rewrite(
        self, *, subject: str, body: str, author_id: UUID | None, expected_number: int | None, now: datetime
    ) -> TemplateVersion:
        """A new version becomes the current one. ``expected_number`` is the version that the author saw.
        Raises StaleVersion, NothingChanged, and what :func:`ensure_sound` raises."""
        if expected_number not in (None, self.current.number):
            raise StaleVersion
        subject, body = tidy_subject(subject), tidy_body(body)
        ensure_sound(kind=self.kind, subject=subject, body=body)
        if (subject, body) == (self.current.subject, self.current.body):
            raise NothingChanged(field="body")
        self.current = TemplateVersion(
            number=self.current.number + 1, subject=subject, body=body, created_at=now, author_id=author_id
        )
        return self.current

    def revert(
        self,
        *,
        to: TemplateVersion,
        author_id: UUID | None,
        expected_number: int | None,
        now: datetime,
    ) -> TemplateVersion:
        """The text of an earlier version becomes a new one. Raises what :meth:`rewrite` raises."""
        return self.rewrite(
            subject=to.subject, body=to.body, author_id=author_id, expected_number=expected_number, now=now
        )


def tidy_subject(text: str) -> str:
    """Without blanks around; line breaks stay, so that they are refused and not hidden."""
    return text.strip(" \t")


def tidy_body(text: str) -> str:
    """With plain line ends and without blanks around."""
    return text.replace("\r\n", "\n").strip()


def ensure_sound(*, kind: MessageKind, subject: str, body: str) -> None:
    """Refuse a text that could not be sent as it stands; the error names the field and the place.

    Raises TextMissing, TextTooLong, SubjectNotOneLine, TextNotPlain, PlaceholderNotClosed,
    PlaceholderMalformed, PlaceholderUnknown, PlaceholderMissing, LinkInSubject, LinkNotAllowed.
    """
    for field, text, limit in (
        ("subject", subject, SUBJECT_MAX_LENGTH),
        ("body", body, BODY_MAX_LENGTH),
    ):
        if not text.strip():
            raise TextMissing(field=field)
        if len(text) > limit:
            raise TextTooLong(field=field, limit=limit)
    if "\n" in subject or "\r" in subject or _CONTROL.search(subject):
        raise SubjectNotOneLine(field="subject")
    if found := _CONTROL.search(body):
        raise TextNotPlain(field="body", line=_line(body, found.start()))
    rules = KINDS[kind]
    named = {*_checked_names(subject, "subject", rules), *_checked_names(body, "body", rules)}
    for name in _names(subject):
        if PLACEHOLDERS[name].kind in {ValueKind.LINK, ValueKind.PLACE}:
            raise LinkInSubject(field="subject", name=name)
    if missing := rules.required - named:
        raise PlaceholderMissing(field="body", names=", ".join(sorted(missing)))
    _ensure_links(body)


def difference(old: TemplateVersion, new: TemplateVersion) -> list[tuple[str, str]]:
    """Line by line: (``same`` | ``removed`` | ``added``, the line), the subject first."""
    before, after = [[each.subject, *each.body.split("\n")] for each in (old, new)]
    words = {" ": "same", "-": "removed", "+": "added"}
    return [(words[line[0]], line[2:]) for line in difflib.ndiff(before, after) if line[0] in words]


def _checked_names(text: str, field: str, rules: KindRules) -> Iterator[str]:
    opened: int | None = None
    for brace in _BRACES.finditer(text):
        if (brace.group() == "{{") is (opened is not None):
            at = brace.start() if opened is None else opened
            raise PlaceholderNotClosed(field=field, line=_line(text, at), text=_excerpt(text, at))
        if opened is None:
            opened = brace.start()
            continue
        inside = text[opened + 2 : brace.start()]
        found = _NAME.fullmatch(inside)
        if found is None:
            raise PlaceholderMalformed(field=field, line=_line(text, opened), text=_excerpt(text, opened))
        if found[1] not in rules.placeholders:
            raise PlaceholderUnknown(field=field, line=_line(text, opened), name=found[1])
        yield found[1]
        opened = None
    if opened is not None:
        raise PlaceholderNotClosed(field=field, line=_line(text, opened), text=_excerpt(text, opened))


def _ensure_links(body: str) -> None:
    body = _ONLY_A_PLACEHOLDER.sub(r"{{\1}}", body)
    for found in _ADDRESSES.finditer(body):
        address = next(group for group in found.groups() if group is not None)
        placeholder = _ONLY_A_PLACEHOLDER.fullmatch(address)
        if placeholder and PLACEHOLDERS[placeholder[1]].kind is ValueKind.LINK:
            continue
        if re.match(r"https?://[^\s{}]+$", address, re.IGNORECASE) is None:
            raise LinkNotAllowed(field="body", line=_line(body, found.start()))


def _names(text: str) -> list[str]:
    return _ONLY_A_PLACEHOLDER.findall(text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _excerpt(text: str, position: int) -> str:
    return text[position : position + 30].split("\n", maxsplit=1)[0]
