"""The one calm design of all letters."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext


class CalmStationery:
    """Stationery (port): ``templates/messaging/letter.html`` around a letter's content."""

    def page(self, *, language: str, subject: str, content: str, unsubscribe: str) -> str:
        with translation.override(language):
            return render_to_string(
                "messaging/letter.html",
                {
                    "language": language,
                    "subject": subject,
                    # Safe: made by LetterMarkdown without raw HTML, values escaped by the domain's rendering.
                    "content": mark_safe(content),  # noqa: S308
                    "unsubscribe": unsubscribe,
                },
            )

    def footer(self, *, language: str, unsubscribe: str) -> str:
        with translation.override(language):
            lines = ["", "--", gettext("“Emotional balance”")]
            if unsubscribe:
                lines += ["", f"{gettext('Do not want reminders? Switch them off here')}: {unsubscribe}"]
        return "\n".join(lines) + "\n"
