"""Settings that hold everywhere; development, testing and production refine them."""

from datetime import date, timedelta
from pathlib import Path

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from apps.kernel.infrastructure.logging import logging_settings
from project.key_file import keys_of
from project.workspace import UNFOLD as UNFOLD

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()

INSTALLED_APPS = [
    "project.apps.ProjectConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "project.apps.WorkspaceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "import_export",
    "procrastinate.contrib.django",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "apps.kernel",
    "apps.audit",
    "apps.identity",
    "apps.booking",
    "apps.payments",
    "apps.client_cabinet",
    "apps.messaging",
]

MIDDLEWARE = [
    "apps.kernel.presentation.metrics.MetricsMiddleware",
    "apps.kernel.presentation.request_context.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "project.content_policy.WorkspacePolicyMiddleware",
    "project.private_answers.PrivateAnswersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "project.language.LanguageMiddleware",
    "apps.kernel.presentation.problem.ProblemMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.identity.presentation.staff_gate.StaffGateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- database ---

# PostgreSQL parses and plans a statement that keeps coming once for each connection (from its fifth run on).
# A server that has vanished from the network is noticed within half a minute.
DATABASE_OPTIONS = {
    "server_side_binding": True,
    "prepare_threshold": 5,
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
# Connections that production keeps. After 5 s of vain tries the next request tries afresh: left to itself,
# the pool would try after ever longer pauses, and find a PostgreSQL that is back only minutes later.
DATABASE_POOL = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL_SIZE", default=10),
    "timeout": 10,  # seconds, as below
    "reconnect_timeout": 5,
}

# --- encryption ---

# Which adapter seals: "envelope" (a data key per person) or "fernet". Whatever was sealed before still opens.
ENCRYPTION_ADAPTER = env.str("ENCRYPTION_ADAPTER", default="envelope")
# Key-encryption keys (generation:base64, the newest first) and the key of blind indexes, from the environment
# or from a file outside of the database's machine.
KEY_ENCRYPTION_KEYS, BLIND_INDEX_KEY = keys_of(
    env.list("KEY_ENCRYPTION_KEYS", default=[]),
    env.str("BLIND_INDEX_KEY", default=""),
    env.str("KEY_ENCRYPTION_KEYS_FILE", default=""),
)
# Fernet keys, the newest first: for the adapter "fernet", and to open what earlier versions sealed.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])

# The roles of PostgreSQL that `manage.py database_roles` makes: the owner's, the application's, the backup's.
# Every `migrate` of the owner's renews what the others may do.
DATABASE_ROLES = env.list("DATABASE_ROLES", default=[])

# --- people ---

AUTH_USER_MODEL = "identity.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail is ciphertext; its blind index is unique
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "apps.identity.infrastructure.permissions.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.identity.infrastructure.password_rules.ContextWordsValidator"},
]
AXES_USERNAME_FORM_FIELD = "username"  # the name in the form, whatever the column is called
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_DISABLE_ACCESS_LOG = True  # who signed in is in the activity log
AXES_USERNAME_CALLABLE = "apps.identity.infrastructure.tried_names.of_attempt"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "apps.identity.presentation.staff_sign_in.locked_out_page"
AXES_CLIENT_IP_CALLABLE = "apps.kernel.presentation.request_context.client_ip"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# Signing in by a code sent by e-mail; no pages of allauth are served.
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5

# The second factor of the workspace. Nothing here or elsewhere switches it off.
MFA_ADAPTER = "apps.identity.infrastructure.mfa_adapter.PracticeMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Эмоциональный баланс"
MFA_TOTP_TOLERANCE = 1  # codes of half a minute ago and ahead: clocks of phones differ
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10

# Whether `manage.py load_demo` may run: its passwords and authenticators are known to everybody.
DEMO_PRACTICE_ALLOWED = False

# Sessions of the workspace. The API has its own (see apps/identity/infrastructure/sessions.py).
SESSION_ENGINE = "apps.identity.infrastructure.staff_session_store"
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_SESSION_HOURS = 12
STEP_UP_MINUTES = 10  # a second factor older than that is asked for again before exports, refunds and such
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Networks (CIDR) of the proxies in front of us, whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# --- language and time ---

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Moscow"
USE_TZ = True

# --- what browsers may load ---

# The API and everything else that has no policy of its own (see project/content_policy.py).
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- files ---

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- mail ---

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Эмоциональный баланс <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- payments ---

# The shop at the provider; YOOKASSA_API_URL leads to any server that keeps the provider's contract.
YOOKASSA_API_URL = env.str("YOOKASSA_API_URL", default="https://api.yookassa.ru/v3")
YOOKASSA_SHOP_ID = env.str("YOOKASSA_SHOP_ID", default="")
YOOKASSA_SECRET_KEY = env.str("YOOKASSA_SECRET_KEY", default="")
# Networks (CIDR) that the provider publishes as the senders of its notifications.
YOOKASSA_NETWORKS = env.list(
    "YOOKASSA_NETWORKS",
    default=[
        "185.71.76.0/27",
        "185.71.77.0/27",
        "77.75.153.0/25",
        "77.75.156.11/32",
        "77.75.156.35/32",
        "77.75.154.128/25",
        "2a02:5180::/32",
    ],
)
# One stage: money is taken at once. Two: it is authorised first, and captured while the time is still free.
YOOKASSA_TWO_STAGE = env.bool("YOOKASSA_TWO_STAGE", default=False)
# How long one call waits for a connection and then for the answer, in seconds.
YOOKASSA_CONNECT_TIMEOUT = env.float("YOOKASSA_CONNECT_TIMEOUT", default=5.0)
YOOKASSA_READ_TIMEOUT = env.float("YOOKASSA_READ_TIMEOUT", default=15.0)
# The tax system (1-6) that receipts by 54-FZ name where the shop has several; 0 leaves it to the shop.
YOOKASSA_TAX_SYSTEM = env.int("YOOKASSA_TAX_SYSTEM", default=0)
# Origins (https://site.example) that a client may come back to after paying.
PAYMENT_RETURN_ORIGINS = env.list("PAYMENT_RETURN_ORIGINS", default=[])
# Where this backend is reached from outside; links in letters begin with it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")

# --- what clients take away ---

# How many exports of their data a person may ask for within 24 hours; failed ones do not count.
EXPORTS_PER_DAY = env.int("EXPORTS_PER_DAY", default=3)

# --- API ---

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "apps.kernel.presentation.problem.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "apps.kernel.presentation.openapi.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.identity.presentation.authentication.SessionTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.kernel.presentation.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.kernel.presentation.pagination.CreatedCursorPagination",
    "DEFAULT_THROTTLE_CLASSES": ["apps.kernel.presentation.throttling.ScopedThrottle"],
    "PAGE_SIZE": 25,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Calls per window for the scopes of the API ("20/m", "5/10m"); a scope without a rate is not limited.
API_RATE_LIMITS: dict[str, str] = env.dict("API_RATE_LIMITS", default={})
SPECTACULAR_SETTINGS = {
    "TITLE": "Эмоциональный баланс: API",
    "DESCRIPTION": (
        "Booking of a psychologist's sessions: services, free times, appointments, payments, waitlist."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentStatus": "apps.booking.domain.lifecycle.AppointmentStatus",
        "ConsentAct": "apps.identity.domain.consent.ConsentStatus",
        "ConsentDecision": "apps.identity.presentation.api.own_consents_serializers.DECISIONS",
        "ConsentState": "apps.identity.presentation.api.own_consents_serializers.STATES",
        "ContactKind": "apps.identity.domain.contacts.ContactKind",
        "CancellationReason": "apps.booking.domain.outcome.ReasonCategory",
        "DiaryType": "apps.client_cabinet.domain.diary_content.DiaryType",
        "ExportKind": "apps.client_cabinet.domain.data_export.ExportKind",
        "ExportFailure": "apps.client_cabinet.presentation.api.export_serializers.FAILURES",
        "ExportStatus": "apps.client_cabinet.domain.data_export.ExportStatus",
        "FavouriteKind": "apps.client_cabinet.domain.favourite.FavouriteKind",
        "IntakeStatus": "apps.booking.domain.intake.IntakeStatus",
        "MeetingFormat": "apps.booking.domain.service.MeetingFormat",
        "OptionalLetterKind": "apps.messaging.presentation.api.notification_serializers.OPTIONAL",
        "PaymentFailure": "apps.payments.presentation.api.serializers.FAILURES",
        "PaymentKind": "apps.payments.domain.payment.PaymentKind",
        "PaymentStatus": "apps.payments.domain.payment.PaymentStatus",
        "PreferredContact": "apps.booking.domain.waitlist.PreferredContact",
        "PreferredWindow": "apps.booking.domain.waitlist.PreferredWindow",
        "RefundRule": "apps.booking.domain.cancellation.RefundRule",
        "ServiceFormat": "apps.booking.domain.service.ServiceFormat",
        "WaitlistStatus": "apps.booking.domain.waitlist.WaitlistStatus",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
}

# --- jobs ---

PROCRASTINATE_IMPORT_PATHS = [
    "apps.kernel.infrastructure.tasks",
    "apps.identity.presentation.tasks",
    "apps.booking.presentation.tasks",
    "apps.payments.presentation.tasks",
    "apps.client_cabinet.presentation.tasks",
    "apps.messaging.presentation.tasks",
    "project.backup.tasks",
]
PROCRASTINATE_ON_APP_READY = "apps.kernel.infrastructure.queue_connector.install"
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": env.int("WORKER_CONCURRENCY", default=4),
    "shutdown_graceful_timeout": 10,  # seconds, as all below
    "delete_jobs": "successful",
    "update_heartbeat_interval": 5,
    "stalled_worker_timeout": 20,
    "fetch_job_polling_interval": 2,
}
# A daily job is made up for when no worker ran at its time.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 25 * 3600}

# --- backups ---

# Public keys of age (age1…) that backups are encrypted for; the private ones are kept elsewhere.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
BACKUP_DIR = env.str("BACKUP_DIR", default="")
# The file of the private key, for restoring; a machine that only makes backups has none.
BACKUP_KEY_FILE = env.str("BACKUP_KEY_FILE", default="")
# The newest backup of each of so many days and of each of so many weeks is kept.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=14)
BACKUP_KEEP_WEEKS = env.int("BACKUP_KEEP_WEEKS", default=8)
# Whether a worker makes one every night.
BACKUP_NIGHTLY = env.bool("BACKUP_NIGHTLY", default=bool(BACKUP_RECIPIENTS and BACKUP_DIR))
# Where backups read, as a role that may read everything and change nothing; DATABASE_URL unless set.
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")
# The directory of pg_dump and pg_restore; those of the embedded PostgreSQL or of the PATH unless set.
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", default="")

# --- personal data ---

# The operator of personal data, as acts of destruction name it (order 179 of Roskomnadzor).
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="")
OPERATOR_INN = env.str("OPERATOR_INN", default="")
# Who answers for destroying data, and in what position; their signature stands under printed acts.
OPERATOR_RESPONSIBLE = env.str("OPERATOR_RESPONSIBLE", default="")
OPERATOR_RESPONSIBLE_POSITION = env.str("OPERATOR_RESPONSIBLE_POSITION", default="")
# Name and address of whoever processes the data on the operator's behalf (a hosting), if anybody does.
OPERATOR_PROCESSOR = env.str("OPERATOR_PROCESSOR", default="")
OPERATOR_SYSTEM = env.str("OPERATOR_SYSTEM", default="Эмоциональный баланс")
# What was erased, outside of the database: a restored backup is held against it before the application opens.
TOMBSTONES_FILE = env.str("TOMBSTONES_FILE", default="") or str(DATA_DIR / "tombstones.jsonl")
# Where the head of the chain of consents is published every night: best on another machine or volume.
CONSENT_HEAD_FILE = env.str("CONSENT_HEAD_FILE", default="") or str(DATA_DIR / "consent-heads.jsonl")
# The private key (32 bytes in URL-safe base64) that exports of the consents are signed with.
CONSENT_EXPORT_KEY = env.str("CONSENT_EXPORT_KEY", default="")
# Days (2027-02-22) that the calendar of public holidays does not know yet, or knows wrong.
EXTRA_DAYS_OFF = frozenset(map(date.fromisoformat, env.list("EXTRA_DAYS_OFF", default=[])))
EXTRA_WORKING_DAYS = frozenset(map(date.fromisoformat, env.list("EXTRA_WORKING_DAYS", default=[])))

# --- measuring ---

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- logs ---

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "apps.kernel.infrastructure.logging.configure"
LOGGING = logging_settings(level=LOG_LEVEL, as_json=False)

SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
