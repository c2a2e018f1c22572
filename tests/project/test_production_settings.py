"""Production starts with good settings, and refuses bad ones with a sentence that says what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "q8Zt-3fJx0v_LrWm5yNcKd7HsPbTgUaE2iRo4wVh6YkXlM9jBnCz1DpF",
    "KEY_ENCRYPTION_KEYS": f"2026-11:{Fernet.generate_key().decode()}",
    "BLIND_INDEX_KEY": Fernet.generate_key().decode(),
    "DATABASE_URL": "postgresql://app:secret@db.example.org/practice?sslmode=verify-full",
    "ALLOWED_HOSTS": "practice.example.org",
    "PUBLIC_URL": "https://practice.example.org",
    "EMAIL_URL": "smtp+tls://noreply%40example.org:p%40ss@mail.example.org",
    "YOOKASSA_SHOP_ID": "100500",
    "YOOKASSA_SECRET_KEY": "live_secret",
}


def start(
    show: str = "settings.DATABASES['default']['NAME']", **changes: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "project.settings.production",
        **GOOD,
        **changes,
    }
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"from django.conf import settings; print({show})",
        ],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_good_settings():
    result = start()

    assert result.stdout.strip() == "practice", result.stderr


def test_the_mail_server_comes_from_one_url():
    options = eval(start("settings.MAILERS['default']['OPTIONS']").stdout)

    assert options == {
        "host": "mail.example.org",
        "port": None,
        "username": "noreply@example.org",
        "password": "p@ss",
        "timeout": 10,
        "use_tls": True,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3w4" * 8}, "SECRET_KEY is a default one."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short."),
        ({"SECRET_KEY": "aaaa" * 20}, "SECRET_KEY is too short."),
        ({"KEY_ENCRYPTION_KEYS": ""}, "KEY_ENCRYPTION_KEYS is not set"),
        ({"KEY_ENCRYPTION_KEYS": "2026-11:nonsense"}, "generation 2026-11: not 32 bytes in base64"),
        (
            {"KEY_ENCRYPTION_KEYS": f"{GOOD['KEY_ENCRYPTION_KEYS']},{GOOD['KEY_ENCRYPTION_KEYS']}"},
            "generation 2026-11 is named twice",
        ),
        ({"KEY_ENCRYPTION_KEYS_FILE": "/nowhere"}, "KEY_ENCRYPTION_KEYS_FILE are both set"),
        (
            {"KEY_ENCRYPTION_KEYS": "", "KEY_ENCRYPTION_KEYS_FILE": "/nowhere"},
            "KEY_ENCRYPTION_KEYS_FILE cannot be read",
        ),
        ({"BLIND_INDEX_KEY": ""}, "BLIND_INDEX_KEY is not set"),
        ({"BLIND_INDEX_KEY": "short"}, "BLIND_INDEX_KEY: not 32 bytes in base64"),
        ({"ENCRYPTION_ADAPTER": "rot13"}, "ENCRYPTION_ADAPTER is neither envelope nor fernet"),
        ({"ENCRYPTION_ADAPTER": "fernet"}, "ENCRYPTION_KEYS is not set, but ENCRYPTION_ADAPTER is fernet"),
        ({"ENCRYPTION_KEYS": f"{GOOD['BLIND_INDEX_KEY']},nonsense"}, "key 2 is no Fernet key"),
        (
            {"ENCRYPTION_KEYS": "dGVzdGluZy1vbmx5LWtleS0wMTIzNDU2Nzg5YWJjZGU="},
            "key 1 is no Fernet key",
        ),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "practice.example.org,*"}, "allows any host"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is not set"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL names no mail server"),
        ({"YOOKASSA_SHOP_ID": ""}, "YOOKASSA_SHOP_ID is not set"),
        ({"YOOKASSA_SECRET_KEY": ""}, "YOOKASSA_SECRET_KEY is not set"),
        ({"YOOKASSA_API_URL": "https://localhost:8010/v3"}, "YOOKASSA_API_URL leads to this machine"),
    ],
)
def test_production_refuses_to_start(changes, sentence):
    result = start(**changes)

    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert sentence in result.stderr


def test_the_keys_of_the_tests_are_refused_in_production():
    from django.conf import settings

    assert "SECRET_KEY is a default one." in start(SECRET_KEY=settings.SECRET_KEY).stderr
    keys = ",".join(settings.KEY_ENCRYPTION_KEYS)
    assert "holds the key of the tests" in start(KEY_ENCRYPTION_KEYS=keys).stderr
    assert "is the key of the tests" in start(BLIND_INDEX_KEY=settings.BLIND_INDEX_KEY).stderr


def test_the_keys_may_stand_in_a_file_of_their_own(tmp_path):
    file = tmp_path / "keys"
    file.write_text(
        f"# the newest first\n\n{GOOD['KEY_ENCRYPTION_KEYS']}\nblind-index:{GOOD['BLIND_INDEX_KEY']}\n"
    )
    shown = start(
        "(settings.KEY_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEY)",
        KEY_ENCRYPTION_KEYS="",
        BLIND_INDEX_KEY="",
        KEY_ENCRYPTION_KEYS_FILE=str(file),
    ).stdout
    assert eval(shown) == ([GOOD["KEY_ENCRYPTION_KEYS"]], GOOD["BLIND_INDEX_KEY"])


def test_a_database_elsewhere_says_how_it_is_protected_on_the_way():
    refused = start(DATABASE_URL="postgresql://app:secret@db.example.org/practice")

    assert "sslmode=verify-full" in refused.stderr
    assert start(DATABASE_URL="postgresql://app:secret@db.example.org/practice?sslmode=disable").stdout
    assert start(DATABASE_URL="postgresql://app:secret@127.0.0.1/practice").stdout


def test_cookies_are_bound_to_this_host_over_https():
    names = start("settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME")

    assert names.stdout.count("__Host-") == 3, names.stderr


def test_programs_over_plain_http_are_refused_before_anything_else():
    shown = start("settings.MIDDLEWARE[0]").stdout.strip()

    assert shown == "project.plain_http.PlainHttpMiddleware"
    assert "plain_http" not in start("settings.MIDDLEWARE", SECURE_SSL_REDIRECT="off").stdout
