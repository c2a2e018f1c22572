"""Settings of the tests: a cluster of their own that trades crash safety for speed."""

from apps.kernel.infrastructure.logging import logging_settings
from project.embedded_postgres import url as embedded_url
from project.settings.base import *

DEBUG = False
SECRET_KEY = "testing-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
KEY_ENCRYPTION_KEYS = ["testing:dGVzdGluZy1vbmx5LWtleS1lbmNyeXB0aW9uLWtleTE="]
BLIND_INDEX_KEY = "dGVzdGluZy1vbmx5LWJsaW5kLWluZGV4LWtleS0wMTI="
ENCRYPTION_KEYS = ["dGVzdGluZy1vbmx5LWtleS0wMTIzNDU2Nzg5YWJjZGU="]
CONSENT_EXPORT_KEY = "dGVzdGluZy1vbmx5LXNlYWwtb2YtY29uc2VudHMtMDE="
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

DATABASES = {
    "default": env.db_url_config(env.str("DATABASE_URL", default="") or embedded_url(DATA_DIR, testing=True))
}
DATABASES["default"].setdefault("OPTIONS", {}).update(DATABASE_OPTIONS, options="-c synchronous_commit=off")

DEMO_PRACTICE_ALLOWED = True
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PROCRASTINATE_READONLY_MODELS = False

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

TOMBSTONES_FILE = str(DATA_DIR / "testing-tombstones.jsonl")

LOGGING = logging_settings(level="WARNING", as_json=False)
