"""The database's own guards: what the aggregate promises holds whoever writes."""

from django.db import migrations

from apps.kernel.infrastructure.append_only import append_only

# Frozen copies of ALLOWED in apps.payments.domain.payment and …refund; a test compares them.
PAYMENTS = {
    "intent": ["pending", "waiting_for_capture", "succeeded", "canceled", "failed"],
    "pending": ["waiting_for_capture", "succeeded", "canceled", "failed"],
    "waiting_for_capture": ["succeeded", "canceled", "failed"],
}
REFUNDS = {
    "requested": ["pending", "succeeded", "failed"],
    "pending": ["succeeded", "failed"],
}


def pairs(allowed: dict[str, list[str]]) -> str:
    return ", ".join(f"('{old}', '{new}')" for old, news in allowed.items() for new in news)


PAYMENT_GUARD = f"""
CREATE FUNCTION payments_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({pairs(PAYMENTS)}) THEN
        RAISE EXCEPTION 'payment cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_transition_allowed';
    END IF;
    IF (NEW.amount_minor, NEW.currency, NEW.appointment_id, NEW.client_id, NEW.idempotence_key)
        IS DISTINCT FROM (OLD.amount_minor, OLD.currency, OLD.appointment_id, OLD.client_id, OLD.idempotence_key)
        OR (OLD.provider_id IS NOT NULL AND NEW.provider_id IS DISTINCT FROM OLD.provider_id) THEN
        RAISE EXCEPTION 'amount, appointment, client and ids of a payment never change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_terms_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_payment_guard BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_guard_payment();
"""

REFUND_GUARD = f"""
CREATE FUNCTION payments_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
    given bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({pairs(REFUNDS)}) THEN
            RAISE EXCEPTION 'refund cannot go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_transition_allowed';
        END IF;
        IF (NEW.amount_minor, NEW.payment_id, NEW.idempotence_key)
            IS DISTINCT FROM (OLD.amount_minor, OLD.payment_id, OLD.idempotence_key) THEN
            RAISE EXCEPTION 'amount, payment and key of a refund never change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_terms_fixed';
        END IF;
        RETURN NEW;
    END IF;
    -- The lock makes rivals wait: two refunds at once cannot each overlook the other.
    SELECT amount_minor INTO paid FROM payments_payment
        WHERE id = NEW.payment_id AND status = 'succeeded' FOR UPDATE;
    SELECT coalesce(sum(amount_minor), 0) INTO given FROM payments_refund
        WHERE payment_id = NEW.payment_id AND status <> 'failed';
    IF paid IS NULL OR given + NEW.amount_minor > paid THEN
        RAISE EXCEPTION 'refunds together cannot exceed what was paid'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_refund_guard BEFORE INSERT OR UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_guard_refund();
"""  # noqa: S608 - only the table above goes into it


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0001_initial"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            PAYMENT_GUARD,
            "DROP TRIGGER payments_payment_guard ON payments_payment;"
            " DROP FUNCTION payments_guard_payment();",
        ),
        migrations.RunSQL(
            REFUND_GUARD,
            "DROP TRIGGER payments_refund_guard ON payments_refund; DROP FUNCTION payments_guard_refund();",
        ),
        append_only("payments_ledgerentry"),
    ]
