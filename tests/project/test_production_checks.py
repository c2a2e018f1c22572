"""What production refuses about the world outside; that it asks at all is tested by starting it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.production_checks import (
    email_url_or_refuse,
    public_url_or_refuse,
    shop_or_refuse,
    yookassa_url_or_refuse,
)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://kassa.example.org/v3", "must begin with https://"),
        ("kassa.example.org", "must begin with https://"),
        ("https://localhost:8010/v3", "leads to this machine"),
        ("https://sandbox.localhost/v3", "leads to this machine"),
        ("https://127.0.0.2/v3", "leads to this machine"),
        ("https://[::1]/v3", "leads to this machine"),
        ("https://0.0.0.0/v3", "leads to this machine"),
        ("https://[::1/v3", "is no URL"),
    ],
)
@pytest.mark.parametrize("check", [yookassa_url_or_refuse, public_url_or_refuse])
def test_plain_or_local_addresses_are_refused(check, url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        check(url)


@pytest.mark.parametrize("url", ["https://api.yookassa.ru/v3", "https://10.0.0.5/v3"])
def test_another_server_may_keep_the_contract(url):
    assert yookassa_url_or_refuse(url) == url


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "EMAIL_URL is not set"),
        ("smtp://localhost:8025", "leads to the sandbox"),
        ("smtp://127.0.0.1:8025", "leads to the sandbox"),
        ("smtp://user:secret@mail.example.org", "password in the open"),
        ("smtp://mail.example.org:none", "is no URL"),
    ],
)
def test_a_mail_server_of_development_is_refused(url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        email_url_or_refuse(url)


@pytest.mark.parametrize(
    "url", ["smtp://localhost", "smtp://localhost:25", "smtp+tls://user:secret@mail.example.org:587"]
)
def test_a_real_mail_server_is_taken(url):
    assert email_url_or_refuse(url) == url


@pytest.mark.parametrize(
    ("shop_id", "key", "sentence"),
    [
        ("", "live_x", "YOOKASSA_SHOP_ID is not set"),
        ("1", "", "YOOKASSA_SECRET_KEY is not set"),
        ("sandbox", "live_x", "YOOKASSA_SHOP_ID is the sandbox's"),
        ("1", "sandbox-secret", "YOOKASSA_SECRET_KEY is the sandbox's"),
    ],
)
def test_a_shop_of_the_sandbox_is_refused(shop_id, key, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        shop_or_refuse(shop_id, key)
