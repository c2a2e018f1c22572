"""Settings of ``make run``: embedded PostgreSQL, the sandbox as the outside world, secrets made once here."""

import secrets

from project.addresses import own_networks, reachable
from project.embedded_postgres import url as embedded_url
from project.local_secrets import backup_key_file, kept_secret, public_backup_key, random_key
from project.mail_url import mailer
from project.settings.base import *

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(
    DATA_DIR, "secret_key", lambda: secrets.token_urlsafe(64)
)
KEY_ENCRYPTION_KEYS = KEY_ENCRYPTION_KEYS or [
    f"development:{kept_secret(DATA_DIR, 'key_encryption_key', random_key)}"
]
BLIND_INDEX_KEY = BLIND_INDEX_KEY or kept_secret(DATA_DIR, "blind_index_key", random_key)
CONSENT_EXPORT_KEY = CONSENT_EXPORT_KEY or kept_secret(DATA_DIR, "consent_export_key", random_key)
ENCRYPTION_KEYS = ENCRYPTION_KEYS or [kept_secret(DATA_DIR, "encryption_key", random_key)]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", ".localhost"])

DATABASES = {
    "default": {
        **env.db_url_config(env.str("DATABASE_URL", default="") or embedded_url(DATA_DIR)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(DATABASE_OPTIONS)

BACKUP_DIR = BACKUP_DIR or str(DATA_DIR / "backups")
if not env.list("BACKUP_RECIPIENTS", default=[]):
    BACKUP_RECIPIENTS = [public_backup_key(DATA_DIR)]
    BACKUP_KEY_FILE = BACKUP_KEY_FILE or str(backup_key_file(DATA_DIR))

# --- the outside world: the sandbox, unless the environment names the real one ---

HOST = env.str("HOST", default="") or "127.0.0.1"
PORT = int(env.str("PORT", default="") or 8000)
SANDBOX_PORT = int(env.str("SANDBOX_PORT", default="") or PORT + 10)
SANDBOX_SMTP_PORT = int(env.str("SANDBOX_SMTP_PORT", default="") or PORT + 25)

PUBLIC_URL = (env.str("PUBLIC_URL", default="") or f"http://{reachable(HOST)}:{PORT}").rstrip("/")
PAYMENT_RETURN_ORIGINS = env.list("PAYMENT_RETURN_ORIGINS", default=[]) or [PUBLIC_URL]
MAILERS = {
    "default": mailer(
        env.str("EMAIL_URL", default="") or f"smtp://{reachable(HOST)}:{SANDBOX_SMTP_PORT}",
    )
}
if not env.str("YOOKASSA_API_URL", default=""):
    YOOKASSA_API_URL = f"http://{reachable(HOST)}:{SANDBOX_PORT}/v3"
    YOOKASSA_SHOP_ID = YOOKASSA_SHOP_ID or "sandbox"
    YOOKASSA_SECRET_KEY = YOOKASSA_SECRET_KEY or "sandbox-secret"
    if not env.list("YOOKASSA_NETWORKS", default=[]):
        YOOKASSA_NETWORKS = own_networks(HOST)

DEMO_PRACTICE_ALLOWED = True
# Where a newcomer sees the codes of the demo accounts (see docs/sandbox.md).
DEMO_AUTHENTICATOR_URL = f"http://{reachable(HOST)}:{SANDBOX_PORT}/"

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
