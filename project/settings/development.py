"""Settings of ``make run``: the embedded PostgreSQL, mail into files, secrets made once on this machine."""

import secrets

from cryptography.fernet import Fernet

from project.embedded_postgres import url as embedded_url
from project.local_secrets import kept_secret
from project.settings.base import *

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(
    DATA_DIR, "secret_key", lambda: secrets.token_urlsafe(64)
)
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[]) or [
    kept_secret(DATA_DIR, "encryption_key", lambda: Fernet.generate_key().decode())
]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost"])

DATABASES = {
    "default": {
        **env.db_url_config(env.str("DATABASE_URL", default="") or embedded_url(DATA_DIR)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(DATABASE_OPTIONS)

MAILERS = {
    "default": {
        "BACKEND": "project.readable_mail.ReadableFileBackend",
        "OPTIONS": {"file_path": str(DATA_DIR / "mail")},
    }
}

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
