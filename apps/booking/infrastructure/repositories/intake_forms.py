"""Intake forms in PostgreSQL; answers are encrypted by the model's field."""

from uuid import UUID

from apps.booking.domain.intake import IntakeForm
from apps.booking.infrastructure import models
from apps.booking.infrastructure.mappers import apply_intake, to_intake


class PostgresIntakeRepository:
    def find(self, appointment_id: UUID) -> IntakeForm | None:
        row = models.IntakeForm.objects.select_for_update().filter(appointment_id=appointment_id).first()
        return None if row is None else to_intake(row)

    def save(self, form: IntakeForm) -> None:
        row = models.IntakeForm()
        apply_intake(form, row)
        row.save()
