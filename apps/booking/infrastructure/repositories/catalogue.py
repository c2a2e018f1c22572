"""The cards of services in PostgreSQL, each saved change with its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from psycopg import errors

from apps.booking.domain.fiscal import PaymentSubject, VatCode
from apps.booking.domain.service import ServiceFormat, ServiceNotFound, ServiceStatus
from apps.booking.domain.service_card import ServiceCard, SlugTaken
from apps.booking.domain.slots import SlotGrid
from apps.booking.infrastructure import models
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money


class PostgresServiceCatalogue:
    def get(self, service_id: UUID) -> ServiceCard:
        row = models.Service.objects.select_for_update().filter(id=service_id).first()
        if row is None:
            raise ServiceNotFound(field="service")
        return to_card(row)

    def add(self, card: ServiceCard, *, actor: Actor) -> None:
        row = models.Service()
        apply_card(card, row)
        _name_actor(row, actor)
        with _taken_slug_is_told():
            row.save(force_insert=True)

    def save(self, card: ServiceCard, *, actor: Actor) -> ServiceCard:
        saved = replace(card, version=card.version + 1)
        row = models.Service()
        apply_card(saved, row)
        _name_actor(row, actor)
        with _taken_slug_is_told():
            row.save(force_update=True)
        return saved


def to_card(row: models.Service) -> ServiceCard:
    """Raises InvalidServiceTerms when the row breaks a rule."""
    return ServiceCard(
        id=row.id,
        specialist_id=row.specialist_id,
        slug=row.slug,
        name=row.name,
        internal_name=row.internal_name,
        description=row.description,
        for_whom=row.for_whom,
        how_it_goes=row.how_it_goes,
        duration_minutes=row.duration_minutes,
        format=ServiceFormat(row.format),
        address=row.address,
        price=Money(row.price_minor),
        deposit=None if row.deposit_minor is None else Money(row.deposit_minor),
        cancel_free_hours=row.cancel_free_hours,
        cancel_partial_hours=row.cancel_partial_hours,
        reschedule_min_hours=row.reschedule_min_hours,
        max_reschedules=row.max_reschedules,
        buffer_before_minutes=row.buffer_before_minutes,
        buffer_after_minutes=row.buffer_after_minutes,
        min_notice_hours=row.min_notice_hours,
        horizon_days=row.horizon_days,
        slot_step_minutes=row.slot_step_minutes,
        slot_grid=SlotGrid(row.slot_grid),
        daily_limit=row.daily_limit,
        requires_confirmation=row.requires_confirmation,
        intake_template_id=row.intake_template_id,
        vat_code=VatCode(row.vat_code),
        payment_subject=PaymentSubject(row.payment_subject),
        position=row.position,
        status=ServiceStatus(row.status),
        version=row.version,
    )


def apply_card(card: ServiceCard, row: models.Service) -> None:
    row.id = card.id
    row.specialist_id = card.specialist_id
    row.slug = card.slug
    row.name = card.name
    row.internal_name = card.internal_name
    row.description = card.description
    row.for_whom = card.for_whom
    row.how_it_goes = card.how_it_goes
    row.duration_minutes = card.duration_minutes
    row.format = card.format.value
    row.address = card.address
    row.price_minor = card.price.minor
    row.deposit_minor = None if card.deposit is None else card.deposit.minor
    row.cancel_free_hours = card.cancel_free_hours
    row.cancel_partial_hours = card.cancel_partial_hours
    row.reschedule_min_hours = card.reschedule_min_hours
    row.max_reschedules = card.max_reschedules
    row.buffer_before_minutes = card.buffer_before_minutes
    row.buffer_after_minutes = card.buffer_after_minutes
    row.min_notice_hours = card.min_notice_hours
    row.horizon_days = card.horizon_days
    row.slot_step_minutes = card.slot_step_minutes
    row.slot_grid = card.slot_grid.value
    row.daily_limit = card.daily_limit
    row.requires_confirmation = card.requires_confirmation
    row.intake_template_id = card.intake_template_id
    row.vat_code = card.vat_code.value
    row.payment_subject = card.payment_subject.value
    row.position = card.position
    row.status = card.status.value
    row.version = card.version


def _name_actor(row: Any, actor: Actor) -> None:
    """The history writes who changed the row; without a person it names nobody."""
    user = get_user_model()
    row._history_user = None if actor.user_id is None else user(pk=actor.user_id)  # noqa: SLF001 - simple-history's documented way


@contextmanager
def _taken_slug_is_told() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.UniqueViolation):
            raise SlugTaken(field="slug") from error
        raise
