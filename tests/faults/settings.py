"""Settings of the processes that :mod:`tests.faults.processes` starts: those of the tests, but with durable
commits, the outside world by URL, and jobs that leave traces to be counted."""

from project.mail_url import mailer
from project.settings.testing import *

DATABASES["default"]["OPTIONS"].pop("options")  # no synchronous_commit=off: what is confirmed must survive
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)

if EMAIL_URL := env.str("EMAIL_URL", default=""):
    MAILERS = {"default": mailer(EMAIL_URL)}

PROCRASTINATE_IMPORT_PATHS = [*PROCRASTINATE_IMPORT_PATHS, "tests.faults.traces"]
