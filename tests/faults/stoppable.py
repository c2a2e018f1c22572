"""Settings of processes that can be caught and killed at a named step: see :mod:`tests.faults.stops`."""

from tests.faults.settings import *  # noqa: F403 - settings refine settings

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.stops.StopsConfig"]  # noqa: F405
MIDDLEWARE = ["tests.faults.stops.Answers", *MIDDLEWARE]  # noqa: F405
