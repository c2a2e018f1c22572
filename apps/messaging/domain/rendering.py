"""From a template and values to a subject and a body, so that no value can become markup, link or header.

The body is Markdown. Placeholders become marks of plain letters before Markdown is read, and the marks
become escaped values after it was: what a value holds is never read as Markdown or HTML.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape

from apps.messaging.domain.placeholders import PLACEHOLDERS, ValueKind

type Values = Mapping[str, str]

SUBJECT_LIMIT = 250
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_NAMES = sorted(PLACEHOLDERS)
_MARK = re.compile(r"zq7(\d\d)7qz")
_ANCHOR = re.compile(r"<a\b[^>]*>.*?</a>", re.DOTALL)
_HREF = re.compile(r'href="zq7(\d\d)7qz"')
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_SITE_IN_NAME = re.compile(r"(?<=\w)\.(?=\w\w)")
_DEAD_LINK = "#"


def subject(template: str, values: Values) -> str:
    """One line, whatever the values hold."""
    filled = _PLACEHOLDER.sub(lambda found: _plain(found[1], values), template)
    return " ".join(_CONTROL.sub(" ", filled).split())[:SUBJECT_LIMIT]


def needed(body: str) -> frozenset[str]:
    """The placeholders that ``body`` names."""
    return frozenset(_PLACEHOLDER.findall(body))


def without_empty(body: str, values: Values) -> str:
    """The body without the paragraphs that name something there is nothing to say about (no value)."""
    paragraphs = re.split(r"\n{2,}", body)
    return "\n\n".join(
        paragraph for paragraph in paragraphs if all(values.get(name) for name in needed(paragraph))
    )


def marked(body: str) -> str:
    """The body with plain marks in the place of placeholders, fit for Markdown."""
    return _PLACEHOLDER.sub(lambda found: f"zq7{_NAMES.index(found[1]):02d}7qz", body)


def fill_text(text: str, values: Values) -> str:
    """A plain text with its marks replaced."""
    return _MARK.sub(lambda found: _plain(_NAMES[int(found[1])], values), text)


def fill_html(html: str, values: Values) -> str:
    """HTML with its marks replaced by escaped values; addresses become links of their own outside links."""

    def address(found: re.Match[str]) -> str:
        value = values.get(_NAMES[int(found[1])], "")
        return f'href="{escape(value if is_web_address(value) else _DEAD_LINK)}"'

    def inside_a_link(found: re.Match[str]) -> str:
        return _MARK.sub(lambda mark: escape(_plain(_NAMES[int(mark[1])], values)), found[0])

    def elsewhere(found: re.Match[str]) -> str:
        name = _NAMES[int(found[1])]
        value = escape(_plain(name, values))
        if PLACEHOLDERS[name].kind in {ValueKind.LINK, ValueKind.PLACE} and is_web_address(
            values.get(name, "")
        ):
            return f'<a href="{value}">{value}</a>'
        return value

    return _MARK.sub(elsewhere, _ANCHOR.sub(inside_a_link, _HREF.sub(address, html)))


def is_web_address(value: str) -> bool:
    """Whether ``value`` is one http(s) address and nothing else."""
    return _WEB.fullmatch(value) is not None


def samples(names: Iterable[str], language: str) -> dict[str, str]:
    """What previews and test letters show."""
    return {name: PLACEHOLDERS[name].sample(language) for name in names}


def _plain(name: str, values: Values) -> str:
    value = _CONTROL.sub(" ", values.get(name, "")).strip()
    if PLACEHOLDERS[name].kind is not ValueKind.NAME:
        return value
    # Mail programs make links of whatever looks like one; a name must not advertise a site.
    return _SITE_IN_NAME.sub(". ", re.sub(r"[a-z]+://", "", value, flags=re.IGNORECASE)).replace("/", " ")
