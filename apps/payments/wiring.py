"""Use cases with their adapters: all dependency injection of payments."""

from typing import Any
from uuid import uuid4

from django.conf import settings

from apps.kernel.infrastructure.clock import SystemClock
from apps.kernel.infrastructure.event_bus import QueuedEventBus, subscriptions
from apps.kernel.infrastructure.unit_of_work import DjangoUnitOfWork
from apps.payments.application.execute_refund import ExecuteRefund, RecordRefund
from apps.payments.application.finish_intent import FinishIntent
from apps.payments.application.heed_notification import HeedNotification
from apps.payments.application.issue_receipts import PlanOffsetReceipts, SendReceipt
from apps.payments.application.outside_money import EnterOutsidePayment, RecordOutsideRefund
from apps.payments.application.reconcile import Reconcile, SettleOpenPayments
from apps.payments.application.record_state import RecordState
from apps.payments.application.refund_payment import RefundCanceledAppointment, RefundPayment
from apps.payments.application.settle_alert import SettleAlert
from apps.payments.application.settle_payment import SettlePayment
from apps.payments.application.start_payment import StartPayment
from apps.payments.infrastructure.alerts import PostgresAlerts
from apps.payments.infrastructure.later import finish_intent_later
from apps.payments.infrastructure.neighbours import BookingAppointments, FacadeAuditLog, IdentityPayers
from apps.payments.infrastructure.notifications import PostgresNotifications
from apps.payments.infrastructure.repositories.ledger import PostgresLedger
from apps.payments.infrastructure.repositories.payments import PostgresPaymentRepository
from apps.payments.infrastructure.repositories.receipts import PostgresReceipts
from apps.payments.infrastructure.return_urls import allowed_return_url
from apps.payments.infrastructure.yookassa.provider import YooKassaProvider

clock = SystemClock()
unit_of_work = DjangoUnitOfWork()
events = QueuedEventBus(subscriptions)
payments = PostgresPaymentRepository()
receipts = PostgresReceipts()
ledger = PostgresLedger()
alerts = PostgresAlerts()
appointments = BookingAppointments()
payers = IdentityPayers()
audit = FacadeAuditLog()
provider = YooKassaProvider()

_change: dict[str, Any] = {"unit_of_work": unit_of_work, "payments": payments}

record_state = RecordState(
    **_change,
    receipts=receipts,
    ledger=ledger,
    alerts=alerts,
    appointments=appointments,
    events=events,
    new_id=uuid4,
    shop_id=settings.YOOKASSA_SHOP_ID,
)
finish_intent = FinishIntent(
    **_change,
    payers=payers,
    provider=provider,
    record_state=record_state,
    events=events,
    clock=clock,
    new_id=uuid4,
    two_stage=settings.YOOKASSA_TWO_STAGE,
)
start_payment = StartPayment(
    **_change,
    receipts=receipts,
    appointments=appointments,
    finish=finish_intent,
    finish_later=finish_intent_later,
    check_return_url=allowed_return_url,
    clock=clock,
    new_id=uuid4,
)
settle_payment = SettlePayment(
    **_change,
    appointments=appointments,
    provider=provider,
    record_state=record_state,
    finish=finish_intent,
    alerts=alerts,
    clock=clock,
)
refund_payment = RefundPayment(**_change, audit=audit, events=events, clock=clock, new_id=uuid4)
refund_canceled_appointment = RefundCanceledAppointment(**_change, ledger=ledger, events=events, new_id=uuid4)
record_refund = RecordRefund(**_change, ledger=ledger, alerts=alerts, events=events, new_id=uuid4)
execute_refund = ExecuteRefund(**_change, payers=payers, provider=provider, record=record_refund, clock=clock)
heed_notification = HeedNotification(
    **_change,
    notifications=PostgresNotifications(),
    provider=provider,
    settle_payment=settle_payment,
    record_refund=record_refund,
    execute_refund=execute_refund,
    alerts=alerts,
    clock=clock,
)
plan_offset_receipts = PlanOffsetReceipts(
    **_change, receipts=receipts, appointments=appointments, clock=clock, new_id=uuid4
)
send_receipt = SendReceipt(
    **_change, receipts=receipts, payers=payers, provider=provider, alerts=alerts, clock=clock
)
enter_outside_payment = EnterOutsidePayment(unit_of_work=unit_of_work, ledger=ledger)
record_outside_refund = RecordOutsideRefund(
    unit_of_work=unit_of_work,
    appointments=appointments,
    ledger=ledger,
    audit=audit,
    clock=clock,
    new_id=uuid4,
)
settle_open_payments = SettleOpenPayments(
    payments=payments, settle_payment=settle_payment, execute_refund=execute_refund, clock=clock
)
reconcile = Reconcile(
    **_change,
    provider=provider,
    settle_payment=settle_payment,
    execute_refund=execute_refund,
    alerts=alerts,
    clock=clock,
)
settle_alert = SettleAlert(unit_of_work=unit_of_work, alerts=alerts, audit=audit, clock=clock)
