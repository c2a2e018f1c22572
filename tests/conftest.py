"""What all tests share: the database server, clean tables, clean caches, compiled translations."""

import fcntl
import gettext
import os
from pathlib import Path

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.core.signals import setting_changed
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis.database import DirectoryBasedExampleDatabase

from apps.kernel.infrastructure.encryption import person_keys
from apps.kernel.infrastructure.translations import catalogues, compile_catalogue
from project import embedded_postgres
from tests.clean_database import remember_seeds, restore_seeds_only

pytest_plugins = ["tests.sandbox_process"]

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or embedded_postgres.DEFAULT_DATA_DIR)
_USERS = pytest.StashKey()
_WAS_RUNNING = pytest.StashKey()

hypothesis_settings.register_profile(
    "ours", deadline=None, print_blob=True, database=DirectoryBasedExampleDatabase(DATA_DIR / "hypothesis")
)
hypothesis_settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    if _is_worker(config):
        return
    compiled = [compile_catalogue(catalogue) for catalogue in catalogues(ROOT)]
    if any(compiled):
        gettext._translations.clear()  # what was read before it was compiled
        setting_changed.send(sender=None, setting="LOCALE_PATHS", value=None, enter=True)
    if not os.environ.get("DATABASE_URL"):
        config.stash[_WAS_RUNNING] = embedded_postgres.is_running(DATA_DIR, testing=True)
        config.stash[_USERS] = (DATA_DIR / ".test-sessions.lock").open("w")
        fcntl.flock(config.stash[_USERS], fcntl.LOCK_SH)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server if this session started it and no other session uses it."""
    if config.stash.get(_WAS_RUNNING, True):
        return
    with config.stash[_USERS] as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        embedded_postgres.stop(DATA_DIR, testing=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.ensure_running(DATA_DIR, testing=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        remember_seeds()


def _empty_tables(test: TransactionTestCase) -> None:
    restore_seeds_only()


TransactionTestCase._fixture_teardown = _empty_tables


@pytest.fixture(autouse=True)
def _signing_in_is_enough(request):
    """Staff whom a test signs in have passed their second factor just now; not so if marked ``real_mfa``."""
    if request.node.get_closest_marker("real_mfa"):
        yield
        return
    user_logged_in.connect(_pass_second_factor, dispatch_uid="tests.pass_second_factor")
    yield
    user_logged_in.disconnect(dispatch_uid="tests.pass_second_factor")


def _pass_second_factor(request, **kwargs) -> None:
    from apps.identity.presentation.staff_visit import pass_second_factor

    pass_second_factor(request, at=timezone.now(), begins=False)


@pytest.fixture(autouse=True)
def _clean_cache():
    yield
    cache.clear()
    person_keys().forget_all()
