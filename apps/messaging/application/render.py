"""A text and values as a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from apps.messaging.application.ports import Attachment, Letter, Markdown, Stationery
from apps.messaging.domain import rendering


@dataclass(frozen=True)
class RenderLetter:
    """A template's text and values as subject, plain text and HTML."""

    markdown: Markdown
    stationery: Stationery

    def __call__(
        self,
        *,
        message_id: UUID,
        to: str,
        subject: str,
        body: str,
        values: Mapping[str, str],
        language: str,
        unsubscribe: str = "",
        attachment: Attachment | None = None,
    ) -> Letter:
        """``subject`` and ``body`` are sound (:func:`~apps.messaging.domain.template.ensure_sound`)."""
        marked = rendering.marked(rendering.without_empty(body, values))
        line = rendering.subject(subject, values)
        text = rendering.fill_text(self.markdown.plain(marked), values)
        content = rendering.fill_html(self.markdown.html(marked), values)
        return Letter(
            message_id=message_id,
            to=to,
            subject=line,
            text=text + self.stationery.footer(language=language, unsubscribe=unsubscribe),
            html=self.stationery.page(
                language=language, subject=line, content=content, unsubscribe=unsubscribe
            ),
            language=language,
            unsubscribe=unsubscribe,
            attachment=attachment,
        )
