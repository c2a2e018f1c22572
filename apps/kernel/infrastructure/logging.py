"""Structured logs: one JSON object a line in production, readable lines in development, masked in both.

Records of the standard library take the same way, so that a framework's message is masked too.
"""

import logging.config
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from apps.kernel.infrastructure.masking import mask

_OUR_OWN_FIELDS = frozenset({"timestamp", "level", "logger", "request_id"})
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def mask_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor that masks everything but the fields written here."""
    return {
        name: value if name in _OUR_OWN_FIELDS else mask({name: value})[name] for name, value in event.items()
    }


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error, from ``level`` up."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    mask_event,
                    renderer,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Replaced by the line of RequestContextMiddleware; its warnings would tell everything twice.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "django": {"handlers": [], "level": level, "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "axes": {"level": "ERROR"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Apply ``settings`` (Django's ``LOGGING_CONFIG`` calls this) and point structlog to the same outlet."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
