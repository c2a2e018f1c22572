"""Settings of processes that keep their connections to PostgreSQL in a pool, as production does."""

from tests.faults.settings import *  # noqa: F403 - settings refine settings

DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
DATABASES["default"]["OPTIONS"]["pool"] = DATABASE_POOL  # noqa: F405
