"""Settings of the measurements: the tests' own, with connections kept open as in production."""

from project.settings import testing as _testing
from project.settings.testing import *  # noqa: F403 - settings are made to be refined so

ROOT_URLCONF = "bench.urls"
DATABASES = {
    "default": {
        **_testing.DATABASES["default"],
        "CONN_MAX_AGE": 600,
        "TEST": {"NAME": "emotional_balance_bench"},
    }
}
LOGGING = _testing.logging_settings(level="ERROR", as_json=False)
