"""One call to the provider: bounded in time, ending in an answer or in one of the port's three failures."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

import structlog

from apps.payments.application.ports import OutcomeUnknown, ProviderFailure, Refused, TryAgain
from apps.payments.infrastructure.yookassa.shop import Shop

_log = structlog.get_logger("payments.yookassa")

# How long to wait before asking again about a call that the provider is still working on (202), in seconds.
_PROCESSING_PAUSES = (0.5, 1.0)


def call[T](
    name: str,
    shop: Shop,
    send: Callable[[], object],
    read: Callable[[object], T],
    *,
    writing: bool,
) -> T:
    """``read`` of what ``send`` brings. ``send`` is repeated while the provider says that it is still at
    work, so it must carry the same idempotence key each time."""
    failure: ProviderFailure
    if not (shop.shop_id and shop.secret_key):
        failure = Refused("not_configured")
    else:
        outcome = _outcome(shop, send, read, writing=writing)
        if not isinstance(outcome, ProviderFailure):
            return outcome
        failure = outcome
    _log.warning("provider call failed", call=name, failure=type(failure).__name__, code=failure.code)
    # Raised outside of any except block: the SDK's errors carry whole answers along.
    raise failure


def _outcome[T](
    shop: Shop, send: Callable[[], object], read: Callable[[object], T], *, writing: bool
) -> T | ProviderFailure:
    # Imported here: requests and urllib3 are slow, and most processes start without calling the provider.
    from yookassa.domain.exceptions import ResponseProcessingError

    from apps.payments.infrastructure.yookassa.failures import failure_of, unclear

    deadline = monotonic() + shop.deadline
    pauses = list(_PROCESSING_PAUSES)
    accepted = False
    while True:
        try:
            return read(_within(deadline - monotonic(), send))
        except ResponseProcessingError:
            accepted = True
            if not pauses or monotonic() + pauses[0] >= deadline:
                return unclear("processing", writing=writing)
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises becomes a failure of the port
            failure = failure_of(error, writing=writing)
            if accepted and writing and isinstance(failure, TryAgain):
                return OutcomeUnknown(failure.code)
            return failure
        sleep(pauses.pop(0))


def _within[T](seconds: float, act: Callable[[], T]) -> T:
    """What ``act`` returns or raises, or TimeoutError: the timeouts of sockets bound single reads, not the
    lookup of names and not a server that answers byte by byte. What is given up ends in its own thread."""
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(act())
        except Exception as error:  # noqa: BLE001 - raised again in the waiting thread
            errors.append(error)

    thread = Thread(target=run, name="yookassa-call", daemon=True)
    thread.start()
    thread.join(max(seconds, 0.0))
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
