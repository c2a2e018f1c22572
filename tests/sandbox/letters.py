"""Letters as a program sends them, with the standard library's own client."""

import smtplib
from email.message import EmailMessage
from typing import Any

from tests.sandbox_process import Sandbox


def letter(to: str = "anna@example.org", subject: str = "Вы записаны", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Эмоциональный баланс <noreply@example.org>"
    made["To"] = to
    made["Subject"] = subject
    made["Message-ID"] = "<1@example.org>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Здравствуйте, Анна!\n")
    made.add_alternative("<p>Здравствуйте, <b>Анна</b>!</p>\n", subtype="html")
    return made


def with_invitation(made: EmailMessage) -> EmailMessage:
    """The invitation as an alternative, as calendars want it, and a picture as an attachment."""
    made.add_alternative(
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
        subtype="calendar",
        params={"method": "REQUEST"},
    )
    made.add_attachment(b"\x89PNG\x00\xff", maintype="image", subtype="png", filename="схема проезда.png")
    return made


def client(sandbox: Sandbox) -> smtplib.SMTP:
    return smtplib.SMTP(sandbox.smtp_host, sandbox.smtp_port, timeout=10)


def send(sandbox: Sandbox, made: EmailMessage | None = None, **more: Any) -> dict[str, Any]:
    """What the server said of each recipient that it refused."""
    with client(sandbox) as server:
        return server.send_message(made or letter(), **more)
