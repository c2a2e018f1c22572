"""The Markdown of letters (CommonMark without raw HTML and images) as HTML with inline styles and as text."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from apps.messaging.domain.rendering import is_web_address

_STYLES = {
    "p": "margin:0 0 16px",
    "h1": "margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600",
    "h2": "margin:24px 0 12px;font-size:18px;line-height:1.3;font-weight:600",
    "h3": "margin:24px 0 8px;font-size:16px;line-height:1.3;font-weight:600",
    "ul": "margin:0 0 16px;padding-left:20px",
    "ol": "margin:0 0 16px;padding-left:20px",
    "li": "margin:0 0 6px",
    "a": "color:#4a6b5d;text-decoration:underline",
    "blockquote": "margin:0 0 16px;padding:12px 16px;border-left:3px solid #c9d6cf;background:#f4f7f5",
    "hr": "border:0;border-top:1px solid #e6e1da;margin:24px 0",
    "code": "font-size:28px;font-weight:600;letter-spacing:4px;font-family:inherit",
}
_BUTTON = (
    "display:inline-block;padding:13px 26px;border-radius:8px;background:#4a6b5d;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)
_MARK_PREFIX = "zq7"


class _Renderer(RendererHTML):
    def renderToken(  # noqa: N802 - the library's own name
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        _style(tokens[idx])
        return super().renderToken(tokens, idx, options, env)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        _style(tokens[idx])
        return super().code_inline(tokens, idx, options, env)


class LetterMarkdown:
    """Markdown (port). What was read is kept: a text is read once, however many letters it fills."""

    def html(self, text: str) -> str:
        return _html(text)

    def plain(self, text: str) -> str:
        return _plain(text)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    reader.disable(["image", "html_block", "html_inline", "code", "fence", "entity"])
    reader.validateLink = lambda url: url.startswith(_MARK_PREFIX) or is_web_address(url)  # type: ignore[method-assign]
    return reader


@lru_cache(maxsize=256)
def _html(text: str) -> str:
    reader = _reader()
    tokens = reader.parse(text)
    for index, token in enumerate(tokens):
        alone = token.type == "inline" and _is_lone_link(token.children or [])
        if alone and tokens[index - 1].type == "paragraph_open":
            (token.children or [])[0].attrSet("style", _BUTTON)
    return str(reader.renderer.render(tokens, reader.options, {})).strip()


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    lines: list[str] = []
    lists: list[int | None] = []
    prefix = ""
    for token in _reader().parse(text):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                if not lists:
                    lines.append("")
            case "list_item_open":
                number = lists[-1]
                prefix = "– " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "inline":
                lines.append(prefix + _words(token.children or []))
                prefix = ""
                if not lists:
                    lines.append("")
            case "hr":
                lines += ["* * *", ""]
    return "\n".join(lines).strip() + "\n"


def _words(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    address = ""
    begun = 0
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "link_open":
            address, begun = str(token.attrGet("href") or ""), len(parts)
        elif token.type == "link_close" and "".join(parts[begun:]) != address:
            parts.append(f": {address}")
    return "".join(parts)


def _is_lone_link(tokens: Sequence[Any]) -> bool:
    return (
        len(tokens) > 1
        and tokens[0].type == "link_open"
        and [token.type for token in tokens].index("link_close") == len(tokens) - 1
    )


def _style(token: Token) -> None:
    style = _STYLES.get(token.tag)
    if style and token.nesting >= 0 and token.attrGet("style") is None:
        token.attrSet("style", style)
