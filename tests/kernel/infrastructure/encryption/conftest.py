"""Processes whose settings name other keys."""

from collections.abc import Callable, Iterator

import pytest

from apps.kernel.infrastructure.encryption import encryption_service, key_ring, person_keys


def _start_anew() -> None:
    for each in (encryption_service, person_keys, key_ring):
        each.cache_clear()


@pytest.fixture
def restart(settings) -> Iterator[Callable[..., None]]:
    """Start the process anew, with other settings if any are given."""

    def with_settings(**values: object) -> None:
        for name, value in values.items():
            setattr(settings, name, value)
        _start_anew()

    yield with_settings
    _start_anew()
