"""Settings of a real deployment. Everything secret comes from the environment; what is missing or weak
stops the start with a sentence that says what to do."""

from apps.kernel.infrastructure.logging import logging_settings
from project.mail_url import mailer
from project.production_checks import (
    allowed_hosts_or_refuse,
    blind_index_key_or_refuse,
    database_url_or_refuse,
    email_url_or_refuse,
    encryption_keys_or_refuse,
    key_encryption_keys_or_refuse,
    public_url_or_refuse,
    refuse_debug,
    secret_key_or_refuse,
    shop_or_refuse,
    yookassa_url_or_refuse,
)
from project.settings.base import *

refuse_debug(enabled=env.bool("DEBUG", default=False))

DEBUG = False
SECRET_KEY = secret_key_or_refuse(env.str("SECRET_KEY", default=""))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
KEY_ENCRYPTION_KEYS = key_encryption_keys_or_refuse(KEY_ENCRYPTION_KEYS)
BLIND_INDEX_KEY = blind_index_key_or_refuse(BLIND_INDEX_KEY)
ENCRYPTION_KEYS = encryption_keys_or_refuse(ENCRYPTION_KEYS, adapter=ENCRYPTION_ADAPTER)
ALLOWED_HOSTS = allowed_hosts_or_refuse(env.list("ALLOWED_HOSTS", default=[]))
CSRF_TRUSTED_ORIGINS = env.list(
    "CSRF_TRUSTED_ORIGINS",
    default=[
        f"https://{host.replace('.', '*.', 1) if host.startswith('.') else host}" for host in ALLOWED_HOSTS
    ],
)

DATABASES = {
    "default": {
        **env.db_url_config(database_url_or_refuse(env.str("DATABASE_URL", default=""))),
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(DATABASE_OPTIONS)
DATABASES["default"]["OPTIONS"]["pool"] = DATABASE_POOL

PUBLIC_URL = public_url_or_refuse(env.str("PUBLIC_URL", default="")).rstrip("/")
MAILERS = {"default": mailer(email_url_or_refuse(env.str("EMAIL_URL", default="")))}

YOOKASSA_API_URL = yookassa_url_or_refuse(YOOKASSA_API_URL)
shop_or_refuse(YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY)

API_RATE_LIMITS = {
    "sign_in_code": "10/h",
    "sign_in": "20/10m",
    "reads": "120/m",
    "slots": "60/m",
    "writes": "30/m",
    **API_RATE_LIMITS,
}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if SECURE_SSL_REDIRECT:
    MIDDLEWARE = ["project.plain_http.PlainHttpMiddleware", *MIDDLEWARE]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Names that browsers accept over HTTPS from this very host only.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True

LOGGING = logging_settings(level=LOG_LEVEL, as_json=True)
