"""The Markdown of materials as HTML for the workspace: CommonMark without raw HTML and images."""

from functools import cache
from urllib.parse import urlsplit

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt


def to_html(text: str) -> SafeString:
    """``text`` as HTML that is safe to show: HTML in it is shown as text, links lead to the web only."""
    return SafeString(_reader().render(text))


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True})
    reader.disable(["image", "html_block", "html_inline", "entity"])
    reader.validateLink = _leads_to_the_web  # type: ignore[method-assign]  # the library's way to set it
    return reader


def _leads_to_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
