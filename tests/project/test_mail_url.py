"""The mail server by one URL."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.mail_url import mailer


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost:8025", {"host": "localhost", "port": 8025}),
        ("smtp+tls://mail.example.org", {"host": "mail.example.org", "use_tls": True}),
        ("smtp+ssl://mail.example.org:4465", {"port": 4465, "use_ssl": True}),
        ("smtp+tls://a%40b:p%2Fw@h", {"username": "a@b", "password": "p/w", "port": None}),
        ("smtp://[::1]:25", {"host": "::1", "port": 25}),
    ],
)
def test_a_url_names_server_account_and_encryption(url, expected):
    options = mailer(url)["OPTIONS"]

    assert expected.items() <= options.items()
    assert options["timeout"] == 10


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "smtp://", "smtps://h", "https://h", "smtp://h:port", "smtp://[::1"]
)
def test_what_names_no_server_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL names no mail server"):
        mailer(url)
