"""The page of an archive: readable Russian, nothing from outside, nothing that runs."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from apps.client_cabinet.application.export_ports import FileReader
from apps.client_cabinet.infrastructure.readable_page import POLICY, ReadablePage
from apps.kernel.application.personal_data import Json, PersonalData, nothing_is_erased, sections
from tests.counts import property_settings

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</dd></dl></article><iframe src=javascript:alert(1)>",
    "javascript:alert(1)",
    "<!-- ",
    "]]>",
    "{{ 7*7 }}",
    "&lt;script&gt;",
    "<svg/onload=alert(1)>",
    "\u2028</script>",
]
READER = FileReader(name="Мария Волкова", time_zone="Asia/Yekaterinburg", language="ru")


def section(*records: dict[str, Json], words: dict[str, object] | None = None) -> PersonalData:
    return PersonalData(
        section="things",
        title="Your data",
        count=lambda _person: len(records),
        export=lambda _person: iter(records),
        erase=nothing_is_erased,
        words=words or {},
    )


def page_of(
    *records: dict[str, Json], words: dict[str, object] | None = None, reader: FileReader = READER
) -> str:
    of = section(*records, words=words)
    page = ReadablePage(reader=reader, made_at=datetime(2026, 11, 22, 20, 30, tzinfo=UTC))
    page.announce(of, records=len(records))
    with translation.override("ru"):
        return "".join(page.render(lambda each: each.export(uuid4())))


class Tags(HTMLParser):
    """Which tags and attributes a page has, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "nav", "ol", "li"),
    *("a", "span", "main", "section", "article", "dl", "dt", "dd", "code"),
}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_wrote_stays_text_wherever_it_stands(text):
    records: list[dict[str, Json]] = [{"note": text, text: "x", "list": [text, {"deep": text}]}]
    page = page_of(*records, reader=FileReader(name=text, time_zone="Europe/Moscow", language="ru"))
    found = Tags(page)
    assert found.tags <= OURS
    assert not {name for name in found.attributes if name.startswith("on")}
    assert found.text.count(text) >= 4


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    )
)
@property_settings(bounded=60)
def test_any_value_becomes_a_page_of_our_tags_alone(value):
    assert Tags(page_of({"value": value})).tags <= OURS


def test_nothing_is_loaded_and_nothing_may_run():
    page = page_of({"note": "текст"})
    assert "default-src &#x27;none&#x27;" in page
    assert "script" not in POLICY
    for outside in ("http:", "https:", "//", "src=", "@import", "url("):
        assert outside not in page
    assert 'lang="ru"' in page


def test_codes_instants_days_and_money_are_read_as_people_read_them():
    page = page_of(
        {
            "status": "new",
            "at": "2026-11-21T21:05:00+00:00",
            "day": "2026-03-01",
            "price": {"amount": "4500.00", "currency": "RUB"},
            "agreed": True,
            "empty": "",
            "tags": ["один", "два"],
            "strange": "2026-99-99",
        },
        words={"status": gettext_lazy("status"), "status=new": "новая", "price": "цена"},
    )
    assert "<dt>Статус</dt><dd>новая</dd>" in page
    assert "22 ноября 2026, 02:05" in page  # Yekaterinburg is five hours ahead
    assert "1 марта 2026" in page
    assert "<dt>Цена</dt><dd>4\xa0500,00 ₽</dd>" in page
    assert "<dt>Agreed</dt><dd>да</dd>" in page
    assert "<dd>один\nдва</dd>" in page
    assert "2026-99-99" in page
    assert "Empty" not in page


def test_an_empty_section_says_so():
    assert "ничего не хранится" in page_of()


def test_every_section_of_the_register_has_a_russian_title_of_its_own():
    with translation.override("ru"):
        titles = [translation.gettext(each.title) for each in sections()]
    assert len(set(titles)) == len(titles)
    assert all(any("а" <= letter <= "я" for letter in title.lower()) for title in titles), titles
