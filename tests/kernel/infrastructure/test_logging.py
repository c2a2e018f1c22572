"""Log lines are JSON in production, and masked whoever writes them."""

import json
import logging
import logging.config

import pytest
import structlog

from apps.kernel.infrastructure.logging import configure, logging_settings


@pytest.fixture
def lines(settings):
    """Configures the logs as in production and hands out what was written."""
    written: list[str] = []

    class Outlet(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    before = structlog.get_config()
    configured = logging_settings(level="INFO", as_json=True)
    configured["handlers"]["stderr"] = {"()": Outlet, "formatter": "structured"}
    configure(configured)
    yield lambda: [json.loads(line) for line in written]
    logging.config.dictConfig(settings.LOGGING)
    structlog.configure(**before)


def test_a_line_is_one_json_object_with_time_level_and_context(lines):
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        structlog.get_logger("booking").info("slot taken", service="first")

    (line,) = lines()
    assert line["event"] == "slot taken"
    assert line["service"] == "first"
    assert line["level"] == "info"
    assert line["logger"] == "booking"
    assert line["request_id"] == "request-1"
    assert line["timestamp"].endswith("Z")


def test_structured_lines_are_masked(lines):
    structlog.get_logger("x").warning("sent to anna@example.org", phone="+79123456789", codes=["a@b.example"])

    (line,) = lines()
    assert line["event"] == "sent to [email]"
    assert line["phone"] == "[masked]"
    assert line["codes"] == ["[email]"]


def test_lines_of_the_standard_library_are_masked(lines):
    logging.getLogger("django.core.mail").error("refused: %s %s", "anna@example.org", {"password": "hunter2"})

    (line,) = lines()
    assert "anna" not in line["event"]
    assert "hunter2" not in line["event"]


def test_tracebacks_are_masked(lines):
    try:
        raise ValueError("no such person: anna@example.org")
    except ValueError:
        logging.getLogger("x").exception("failed")
        structlog.get_logger("x").exception("failed too")

    first, second = lines()
    for line in (first, second):
        assert "ValueError: no such person: [email]" in line["exception"]


def test_what_is_below_the_level_is_not_written(lines):
    structlog.get_logger("x").debug("details")
    logging.getLogger("x").debug("details")

    assert lines() == []
