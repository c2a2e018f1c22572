"""From text and values to subject, plain text and HTML: values are only ever values."""

import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.messaging import wiring
from apps.messaging.application.ports import Letter
from tests.counts import property_settings

BODY = """Здравствуйте, **{{ client_name }}**!

Где: {{ place }}

Осталось оплатить {{ amount_due }}.

- первое
- второе с [ссылкой](https://example.org/x)

[Открыть запись]({{ appointment_link }})"""
LINK = "https://example.org/pay/1/"


def letter(body: str = BODY, subject: str = "Запись: {{ appointment_date }}", **values: str) -> Letter:
    given = {
        "client_name": "Мария",
        "place": "https://meet.example.org/o",
        "appointment_link": LINK,
        "appointment_date": "12 марта",
        **values,
    }
    return wiring.render_letter(
        message_id=uuid4(), to="m@example.org", subject=subject, body=body, values=given, language="ru"
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = Tags()
    reader.feed(html)
    return reader.seen


def test_html_and_text_say_the_same() -> None:
    made = letter(amount_due="500 ₽")
    assert "Здравствуйте, <strong>Мария</strong>!" in made.html
    assert f'href="{LINK}"' in made.html
    assert 'href="https://meet.example.org/o"' in made.html
    assert made.text.startswith(
        "Здравствуйте, Мария!\n\nГде: https://meet.example.org/o\n\nОсталось оплатить 500 ₽.\n\n"
        "– первое\n– второе с ссылкой: https://example.org/x\n\nОткрыть запись: https://example.org/pay/1/"
    )


def test_a_paragraph_with_nothing_to_say_is_left_out() -> None:
    made = letter()
    assert "Осталось" not in made.text
    assert "Осталось" not in made.html


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "[клик](https://evil.example)",
        "**жирный** <b>x</b>",
        "{{ code }} {{ appointment_link }}",
        "zq70017qz",
        "a\nBcc: evil@example.org",
    ],
)
def test_a_name_is_never_markup_link_or_placeholder(name: str) -> None:
    made, plain = letter(client_name=name), letter()
    assert [tag for tag, _ in tags(made.html)] == [tag for tag, _ in tags(plain.html)]
    assert [attrs.get("href") for _, attrs in tags(made.html)] == [
        attrs.get("href") for _, attrs in tags(plain.html)
    ]
    assert "evil.example)" not in made.text


@pytest.mark.parametrize(
    "name", ["http://evil.example/x", "evil.example", "www.evil.example", "HTTPS://evil.example"]
)
def test_a_name_does_not_advertise_a_site(name: str) -> None:
    assert not re.search(r"evil\.example|https?://evil", letter(client_name=name).text, re.IGNORECASE)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", 'https://x"onclick="y', "", "//x"]
)
def test_a_link_that_is_no_web_address_leads_nowhere(address: str) -> None:
    made = letter(body="[Открыть]({{ appointment_link }}) сейчас", appointment_link=address or " ")
    assert all(str(attrs.get("href")) in {"#", "None"} for tag, attrs in tags(made.html) if tag == "a")


@pytest.mark.parametrize("value", ["12\r\nBcc: x@example.org", "12\nX: y", "12\u2028x", "12\x00"])
def test_a_value_cannot_break_out_of_the_subject(value: str) -> None:
    subject = letter(appointment_date=value).subject
    assert len(subject.splitlines()) == 1
    assert "\x00" not in subject


def test_raw_html_and_images_of_a_text_are_shown_as_text() -> None:
    made = letter(body="<b>x</b> ![alt](https://example.org/x.png) <script>1</script>")
    assert not [tag for tag, _ in tags(made.html) if tag in {"b", "img", "script"}]
    assert "&lt;b&gt;x&lt;/b&gt;" in made.html


def test_letters_load_nothing_from_elsewhere() -> None:
    made = letter()
    assert not [attrs for _, attrs in tags(made.html) if "src" in attrs or "background" in attrs]
    assert "url(" not in made.html


@property_settings(200)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_the_values_hold_the_shape_of_the_letter_stays(name: str, place: str) -> None:
    made, plain = letter(client_name=name or "x", place=place or "x"), letter(client_name="x", place="x")
    linked = [tag for tag, _ in tags(made.html)]
    if not re.fullmatch(r"https?://\S+", place):
        assert linked == [tag for tag, _ in tags(plain.html)]
    assert len(made.subject.splitlines()) == 1
