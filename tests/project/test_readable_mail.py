"""What development writes instead of sending can be read with any viewer."""

from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.test import override_settings


def test_a_letter_in_russian_is_written_as_it_reads(tmp_path: Path):
    letter = EmailMultiAlternatives(
        "Ваш код", "Код для входа: 123456", "practice@example.org", ["anna@example.org"]
    )
    letter.attach_alternative("<p>Код для входа: 123456</p>", "text/html")
    with override_settings(
        MAILERS={
            "default": {
                "BACKEND": "project.readable_mail.ReadableFileBackend",
                "OPTIONS": {"file_path": str(tmp_path)},
            }
        }
    ):
        letter.send()
    (file,) = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    assert "Subject: Ваш код" in text
    assert text.count("Код для входа: 123456") == 2
