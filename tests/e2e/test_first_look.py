"""Everything opens in a browser without a complaint, in Russian, wide and narrow, light and dark."""

import re

import pytest

WORDS = re.compile(
    r"\b(?:Add|Change|Delete|Save|Search|Filters?|Home|Log ?out|Password|None|Select|View|Export|Import)\b"
)


def english_left(page) -> list[str]:
    """Words of the framework's English interface that a person can see on the page."""
    return sorted(set(WORDS.findall(page.inner_text("body"))))


def is_wider_than_the_screen(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


def test_the_documentation_of_the_api_works_without_the_internet(open_page, db):
    page = open_page("/api/docs/")

    page.wait_for_selector(".opblock-summary-path")
    assert "/api/v1/appointments/" in page.inner_text("#swagger-ui").replace("\u200b", "")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_the_owner_opens(sign_in, width, dark):
    page = sign_in("owner", width=width, dark=dark)
    links = page.eval_on_selector_all(
        "#nav-sidebar a[href^='/admin/'], nav a[href^='/admin/']",
        "links => links.map(a => a.getAttribute('href'))",
    )
    assert len(set(links)) >= 8

    for link in sorted(set(links)):
        page.goto(link)
        assert page.locator("html").get_attribute("lang") == "ru"
        assert english_left(page) == [], link
        assert not is_wider_than_the_screen(page), link


@pytest.mark.parametrize("role", ["assistant", "editor"])
def test_the_others_sign_in_too(sign_in, role):
    page = sign_in(role)

    assert page.title()
    assert english_left(page) == []


def test_a_wrong_password_is_told_in_russian(open_page, db):
    page = open_page("/admin/")
    page.fill("input[name=username]", "nobody@example.org")
    page.fill("input[name=password]", "wrong")
    page.click("button[type=submit]")

    assert "введите" in page.inner_text("body").lower()
