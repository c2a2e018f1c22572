"""A new key-encryption key: every person's key is wrapped anew while the practice runs."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, transaction
from django.utils import timezone

from apps.kernel.application.ports import DecryptionFailed, Place
from apps.kernel.infrastructure.encryption import encryption_service, key_ring, person_keys
from apps.kernel.infrastructure.encryption.rotation import left, rewrap
from apps.kernel.models import PersonKey
from tests.kernel.infrastructure.encryption.rings import NEW, OLD, somewhere

pytestmark = pytest.mark.django_db(transaction=True)

TESTING = django_settings.KEY_ENCRYPTION_KEYS[0]


def seal(number: int) -> list[tuple[Place, str]]:
    places = [somewhere() for _ in range(number)]
    return [(place, encryption_service().encrypt("тревога", place=place)) for place in places]


def all_open(sealed: list[tuple[Place, str]]) -> bool:
    service = encryption_service()
    return all(service.decrypt(token, place=place) == "тревога" for place, token in sealed)


def rotate(**options: object) -> str:
    out = StringIO()
    call_command("encryption_rotate", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_afterwards_the_old_key_is_needed_no_more(restart: Callable[..., None]) -> None:
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    sealed = seal(7)
    gone = somewhere()
    person_keys().destroy(gone.person, at=timezone.now())
    restart(KEY_ENCRYPTION_KEYS=[NEW, OLD, TESTING])
    told = rotate(batch=3)
    assert "keys to wrap anew: 8" in told  # the practice's own too
    assert "3 of 8" in told
    assert "8 of 8" in told
    restart(KEY_ENCRYPTION_KEYS=[NEW])
    assert all_open(sealed)
    assert not PersonKey.objects.get(person=gone.person).wrapped
    assert "keys to wrap anew: 0" in rotate()
    restart(KEY_ENCRYPTION_KEYS=[OLD])
    with pytest.raises(DecryptionFailed):
        all_open(sealed)


def test_a_walk_that_was_killed_is_simply_begun_again(restart: Callable[..., None]) -> None:
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    sealed = seal(9)
    restart(KEY_ENCRYPTION_KEYS=[NEW, OLD, TESTING])
    walk = rewrap(key_ring(), batch=4)
    next(walk)
    walk.close()
    assert 0 < left(key_ring()) < 10
    restart()
    assert all_open(sealed)  # half of them under each key
    rotate(batch=4)
    restart(KEY_ENCRYPTION_KEYS=[NEW])
    assert all_open(sealed)


def test_a_batch_that_does_not_end_changes_nothing(restart: Callable[..., None]) -> None:
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    sealed = seal(4)
    restart(KEY_ENCRYPTION_KEYS=[NEW, OLD, TESTING])
    with transaction.atomic():
        next(rewrap(key_ring(), batch=3))
        transaction.set_rollback(True)  # what a killed connection leaves behind
    assert left(key_ring()) == 5
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    assert all_open(sealed)


def test_writers_and_readers_go_on_meanwhile(restart: Callable[..., None]) -> None:
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    sealed = seal(12)
    restart(KEY_ENCRYPTION_KEYS=[NEW, OLD, TESTING])
    stop, written = threading.Event(), []

    def work() -> None:
        try:
            while not stop.is_set():
                written.extend(seal(1))
                assert all_open(sealed[:3])
                person_keys().forget_all()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(work) for _ in range(2)]
        try:
            rotate(batch=2)
        finally:
            stop.set()
        for worker in workers:
            worker.result()
    restart(KEY_ENCRYPTION_KEYS=[NEW])
    assert all_open(sealed + written)
    assert written


def test_what_somebody_holds_is_left_for_the_next_run(
    restart: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.kernel.management.commands import encryption_rotate

    monkeypatch.setattr(encryption_rotate, "WALKS", 1)
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    ((place, _token),) = seal(1)
    restart(KEY_ENCRYPTION_KEYS=[NEW, OLD, TESTING])
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT FROM kernel_personkey WHERE person = %s FOR UPDATE", [place.person])
                held.set()
                done.wait(timeout=20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        held.wait(timeout=20)
        try:
            with pytest.raises(CommandError, match="1 keys are not under 2026-11 yet"):
                rotate()
        finally:
            done.set()
        holder.result()
    assert "1 of 1" in rotate()


def test_a_key_that_does_not_open_is_named_and_stops_nothing(restart: Callable[..., None]) -> None:
    restart(KEY_ENCRYPTION_KEYS=[OLD, TESTING])
    sealed = seal(2)
    restart(KEY_ENCRYPTION_KEYS=[NEW, TESTING])
    lost = PersonKey.objects.filter(generation="2026-05")
    ids = sorted(str(each.id) for each in lost)
    out = StringIO()
    with pytest.raises(CommandError, match="2 keys are not under"):
        call_command("encryption_rotate", stdout=out, stderr=out)
    assert [line.split()[1] for line in out.getvalue().splitlines() if "at hand" in line] == ids
    assert PersonKey.objects.get(person=None).generation == "2026-11"
    restart(KEY_ENCRYPTION_KEYS=[OLD, NEW])
    assert all_open(sealed)
