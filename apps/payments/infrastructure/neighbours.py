"""Neighbouring contexts behind payments' ports: each call goes to the neighbour's facade."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.audit import facade as audit
from apps.booking import facade as booking
from apps.identity import facade as identity
from apps.kernel.domain.actor import Actor
from apps.kernel.domain.money import Money
from apps.payments.application.ports import Customer, PayableAppointment, Taken


class BookingAppointments:
    def get(self, appointment_id: UUID, *, at: datetime, client_id: UUID | None = None) -> PayableAppointment:
        found = booking.appointment(appointment_id, at=at, client_id=client_id)
        if found is None:
            raise booking.AppointmentNotFound
        return PayableAppointment(
            id=found.id,
            client_id=found.client_id,
            service_name=found.service_name,
            status=found.status.value,
            start=found.start,
            time_zone=found.time_zone,
            price=found.price,
            deposit=found.deposit,
            paid=found.paid,
            refund=found.refund,
            amount_due=found.amount_due,
            hold_expires_at=found.hold_expires_at,
            vat_code=found.vat_code,
            payment_subject=found.payment_subject,
        )

    def receive(self, *, appointment_id: UUID, payment_id: UUID, amount: Money, at: datetime) -> Taken:
        taken = booking.receive_payment(
            appointment_id=appointment_id, payment_id=payment_id, amount=amount, at=at
        )
        return Taken(reason=taken.reason, late=taken.late)

    def would_take(self, *, appointment_id: UUID, amount: Money, at: datetime) -> Taken:
        taken = booking.takes_payment(appointment_id=appointment_id, amount=amount, at=at)
        return Taken(reason=taken.reason, late=taken.late)


class IdentityPayers:
    def customer(self, client_id: UUID) -> Customer:
        client = identity.client(client_id)
        if client is None:
            return Customer(email=None, phone=None)
        return Customer(email=client.email, phone=client.phone)


class FacadeAuditLog:
    def record(
        self,
        *,
        actor: Actor,
        action: str,
        entity: str,
        entity_id: str,
        at: datetime,
        changes: Mapping[str, tuple[object, object]] | None = None,
    ) -> None:
        audit.record(actor=actor, action=action, entity=entity, entity_id=entity_id, at=at, changes=changes)
