"""Where the payment page may lead back to: only to the origins that were named, whatever is tried."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.payments.domain.payment import ReturnUrlNotAllowed
from apps.payments.infrastructure.return_urls import LONGEST, allowed_return_url
from tests.counts import property_settings

SITE = "https://site.example"


@pytest.fixture(autouse=True)
def origins(settings) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    settings.PAYMENT_RETURN_ORIGINS = [SITE, "https://xn--e1afmkfd.example:8443"]


@pytest.mark.parametrize(
    "url",
    [
        SITE,
        f"{SITE}/",
        f"{SITE}:443/thanks",
        f"{SITE}/thanks?appointment=1&x=%2F%2Fevil.example#top",
        f"{SITE}?next=https://evil.example",
        f"{SITE}#@evil.example",
        "https://SITE.example/thanks",
        "HTTPS://site.example/",
        "http://localhost:8000/pay/token/return/",
        "https://xn--e1afmkfd.example:8443/",
        f"{SITE}/{'x' * (LONGEST - len(SITE) - 1)}",
    ],
    ids=lambda url: url[:60],
)
def test_named_origins_are_allowed_and_left_as_they_are(url: str) -> None:
    assert allowed_return_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "/thanks",
        "thanks",
        "//site.example/",
        "https:",
        "https:site.example",
        "https:/site.example",
        "https:///site.example",
        "https://",
        "https://evil.example/",
        "https://evil.example/https://site.example",
        "https://site.example.evil.example/",
        "https://evilsite.example/",
        "https://sub.site.example/",
        "https://example/",
        "http://site.example/",
        "ftp://site.example/",
        "javascript://site.example/%0aalert(1)",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://site.example:8443/",
        "https://site.example:0/",
        "https://site.example:99999/",
        "https://site.example:port/",
        "https://site.example@evil.example/",
        "https://user@site.example/",
        "https://user:secret@site.example/",
        "https://:@site.example/",
        "https://evil.example\\@site.example/",
        "https://site.example\\.evil.example/",
        "https:\\\\site.example/",
        "https://site.example%2eevil.example/",
        "https://site.example%00.evil.example/",
        "https://evil.example%2f@site.example/",
        "https://site.example./",
        "https://site.example../",
        "https://.site.example/",
        "https://sitе.example/",
        "https://ｓite.example/",
        "https://site。example/",
        "https://site.example／evil/",
        "https://пример.example:8443/",
        "https://[::1]/",
        "https://[site.example/",
        "https://127.0.0.1/",
        "http://localhost/",
        "http://localhost:8001/",
        "https://localhost:8000/",
        "https://site.example/\r\nLocation: https://evil.example",
        "https://site.example/\tx",
        "https://site.example/\x00",
        "https://site.example/ x",
        "\thttps://site.example/",
        " https://site.example/",
        "https://si\nte.example/",
        f"{SITE}/{'x' * (LONGEST - len(SITE))}",
        f"https://{'a' * 3_000}.example/",
    ],
    ids=lambda url: repr(url[:60]),
)
def test_nothing_else_is_allowed(url: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed) as refusal:
        allowed_return_url(url)
    assert refusal.value.field == "return_url"


def test_without_named_origins_only_this_backend_is_left(settings) -> None:
    settings.PAYMENT_RETURN_ORIGINS = []
    assert allowed_return_url("http://localhost:8000/")
    with pytest.raises(ReturnUrlNotAllowed):
        allowed_return_url(f"{SITE}/")


@given(text=st.text(max_size=60), before=st.sampled_from(["", "https://", "https://site.example", "//"]))
@property_settings()
def test_whatever_is_tried_leads_to_a_named_host_or_is_refused(text: str, before: str) -> None:
    try:
        url = allowed_return_url(before + text)
    except ReturnUrlNotAllowed:
        return
    host = url.split("://", 1)[1].lower()
    assert host == "site.example" or host[12] in ":/?#"
    assert host.startswith("site.example")
