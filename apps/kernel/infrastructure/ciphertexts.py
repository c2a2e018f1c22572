"""Every ciphertext of the database: walked, counted, opened to see whether it opens, sealed anew."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from psycopg import sql

from apps.kernel.application.ports import DecryptionFailed, KeyDestroyed
from apps.kernel.infrastructure import sealed
from apps.kernel.infrastructure.encryption import ENVELOPE, encryption_service, scheme_of
from apps.kernel.infrastructure.encryption.envelope import key_id_of
from apps.kernel.infrastructure.fields import EncryptedField, encrypted_fields, preload_keys
from apps.kernel.infrastructure.sealed import Sealed

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Column:
    """An encrypted field of a table; a history's field keeps the label of the original."""

    model: type[models.Model]
    field: EncryptedField

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.name}"


@dataclass(slots=True)
class Checked:
    """How many ciphertexts of a column open, are lost with their person's key, or fail to open."""

    opened: int = 0
    destroyed: int = 0
    failed: int = 0


@dataclass(slots=True)
class Resealed:
    """How many ciphertexts of a column were sealed anew, were changed meanwhile, or failed to open."""

    done: int = 0
    overtaken: int = 0
    failed: int = 0


def columns() -> list[Column]:
    """Every encrypted field of every table, histories included, in a steady order."""
    found = [
        Column(model=model, field=field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in encrypted_fields(model)
    ]
    return sorted(found, key=str)


def verify(column: Column) -> Checked:
    """Open every ciphertext of ``column``. Nothing of the texts is kept or told."""
    checked = Checked()
    for rows in _batches(column):
        preload_keys(rows)
        for row in rows:
            try:
                getattr(row, column.field.attname)
            except KeyDestroyed:
                checked.destroyed += 1
            except (DecryptionFailed, ValueError):
                checked.failed += 1
            else:
                checked.opened += 1
    return checked


def count_by_key(column: Column) -> Counter[tuple[str, str]]:
    """How many ciphertexts of ``column`` there are by scheme and generation of the key-encryption key."""
    counted: Counter[tuple[str, str]] = Counter()
    by_key: Counter[object] = Counter()
    for rows in _batches(column):
        for row in rows:
            token = row.__dict__[column.field.attname].token
            scheme = scheme_of(token)
            if scheme == ENVELOPE:
                by_key[key_id_of(token)] += 1
            else:
                counted[scheme or "unreadable", ""] += 1
    generations = _generations(list(by_key))
    for key_id, number in by_key.items():
        counted[ENVELOPE, generations.get(key_id, "no such key")] += number
    return counted


def reseal(column: Column, *, everything: bool = False) -> Resealed:
    """Seal anew what another adapter than the present one sealed, or ``everything``.

    Each ciphertext is replaced only while it is still the one that was opened, so that writers may go on; a
    walk that was stopped is simply begun again.
    """
    resealed, service = Resealed(), encryption_service()
    for rows in _batches(column):
        preload_keys(rows)
        for row in rows:
            old = row.__dict__[column.field.attname]
            if not everything and scheme_of(old.token) == service.scheme:
                continue
            try:
                place = sealed.place_of(column.field, row)
                new = service.encrypt(service.decrypt(old.token, place=place), place=place)
            except (DecryptionFailed, ValueError):
                resealed.failed += 1
                continue
            if _swap(column, row, old.token, new):
                resealed.done += 1
            else:
                resealed.overtaken += 1
    return resealed


def is_append_only(column: Column) -> bool:
    """Whether the database refuses to change the rows of the table: what is sealed there stays as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = %s::regclass AND proname = 'kernel_refuse_change')",
            [column.model._meta.db_table],
        )
        return bool(cursor.fetchone()[0])


def _batches(column: Column) -> Iterator[list[models.Model]]:
    """The rows that have a ciphertext in ``column``, in the order of their primary keys."""
    name = column.field.attname
    rows = column.model._base_manager.exclude(**{f"{name}__isnull": True}).order_by("pk")  # noqa: SLF001
    if column.field.keeps_empty:
        rows = rows.exclude(**{name: ""})
    last = None
    while True:
        batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        yield [row for row in batch if isinstance(row.__dict__[name], Sealed)]


def _swap(column: Column, row: models.Model, old: str, new: str) -> bool:
    meta = column.model._meta
    if column.field.column is None or meta.pk.column is None:
        raise TypeError(f"{column} has no column")
    statement = sql.SQL("UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s").format(
        table=sql.Identifier(meta.db_table),
        name=sql.Identifier(column.field.column),
        key=sql.Identifier(meta.pk.column),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [new, row.pk, old])
        return bool(cursor.rowcount)


def _generations(key_ids: list[object]) -> dict[object, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, CASE WHEN destroyed_at IS NULL THEN generation ELSE 'destroyed' END "
            "FROM kernel_personkey WHERE id = ANY(%s::uuid[])",
            [key_ids],
        )
        return dict(cursor.fetchall())
