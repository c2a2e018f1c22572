"""Every page of the workspace, for every role, in Russian: no word of another language is left on it."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.booking.factories import make_staff
from tests.project.test_access_matrix import PAGES, STAFF, address, rows

__all__ = ["rows"]

pytestmark = pytest.mark.django_db

ALLOWED = {
    "csv", "xlsx", "CSV", "XLSX", "JSON", "Excel",  # formats of files
    "E-mail", "e-mail", "mail",
    "esc",  # a key
    "ID", "IP", "SHA", "sha", "UTC", "UTM",
    "Markdown", "Telegram",
    "Kassa", "Money",  # of ЮKassa and ЮMoney
}  # fmt: skip
SPOKEN = ("alt", "aria-description", "aria-label", "placeholder", "title")
SILENT = {"script", "style", "noscript"}
ICON = "material-symbols-outlined"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NO_WORDS = re.compile(
    r"[\w.+-]+@[\w.-]+"  # contacts
    r"|https?://\S+"  # links
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32,64}\b"  # ids and checksums
    r"|\b(?:Europe|Asia|America|Africa|Australia|Pacific|Atlantic|Indian|Antarctica|Arctic)/[\w/+-]+"  # zones
    r"|\b[\w-]+\.(?:csv|xlsx)\b"
    r"|\b[a-z]+(?:-[a-z0-9]+)+\b|\b[a-z]+(?:_[a-z0-9]+)+\b"  # slugs and codes
)
WORD = re.compile(r"[A-Za-z]{2,}(?:-[A-Za-z]+)*")
FILES = {"export", "jsi18n"}


class Said(HTMLParser):
    """Gathers what people read or hear; icons, scripts and what the person typed are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [given[name] or "" for name in SPOKEN if name in given]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self.texts.append(given.get("value") or "")
        if tag not in VOID:
            quiet = tag in SILENT | {"textarea", "code"} or ICON in (given.get("class") or "")
            self._open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in {name for name, _ in self._open}:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(quiet for _, quiet in self._open):
            self.texts.append(data)


def foreign_words(html: str) -> dict[str, str]:
    """Each foreign word with the text it stands in."""
    parser = Said()
    parser.feed(html)
    found = {word: text.strip() for text in parser.texts for word in WORD.findall(NO_WORDS.sub(" ", text))}
    return {word: text for word, text in found.items() if word not in ALLOWED}


def test_the_search_for_foreign_words_finds_them():
    html = f'<p title="Save">Сохранить</p><span class="{ICON}">add</span><script>var x</script>'
    assert set(foreign_words(html)) == {"Save"}
    assert set(foreign_words("<p>Save <b>as</b> new</p>")) == {"Save", "as", "new"}


@pytest.mark.parametrize("role", STAFF)
def test_every_page_speaks_russian(client, rows, role):
    client.force_login(make_staff(role))
    found = {}
    for name, route in PAGES:
        url = address(name, route, rows)
        if url is None or name in FILES or name == "logout":
            continue
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(url, headers=headers)
            kind = response.headers.get("Content-Type", "")
            if response.status_code == 200 and "html" in kind and not response.streaming:
                words = foreign_words(response.content.decode())
                if words:
                    found[url] = words
    assert not found, "\n".join(f"{url}: {words}" for url, words in found.items())


def test_signing_in_speaks_russian():
    browser = Client()
    page = reverse("admin:login")
    assert foreign_words(browser.get(page).content.decode()) == {}
    refused = browser.post(page, {"username": "owner@example.org", "password": "wrong"}).content.decode()
    assert foreign_words(refused) == {}


def test_a_browser_that_prefers_english_still_gets_russian(client):
    client.force_login(make_staff("owner"))
    page = client.get(reverse("admin:index"), headers={"Accept-Language": "en"})
    assert foreign_words(page.content.decode()) == {}
