"""Times that are kept for people on the waitlist, and the guards of their states."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.booking.domain.waitlist_offer

# Frozen copy of apps.booking.domain.waitlist_offer.ALLOWED; a test compares the two.
ALLOWED = {
    "offered": ["accepted", "declined", "expired"],
    "expired": ["accepted"],
    "declined": ["accepted"],
}
PAIRS = ", ".join(f"('{old}', '{new}')" for old, news in ALLOWED.items() for new in news)

GUARD = f"""
CREATE FUNCTION booking_guard_waitlist_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({PAIRS}) THEN
        RAISE EXCEPTION 'an offer cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'offer_transition_allowed';
    END IF;
    IF (NEW.waitlist_request_id, NEW.appointment_id, NEW.specialist_id, NEW.start, NEW.offered_at)
        <> (OLD.waitlist_request_id, OLD.appointment_id, OLD.specialist_id, OLD.start, OLD.offered_at) THEN
        RAISE EXCEPTION 'what was offered to whom never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'offer_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_waitlist_offer_guard BEFORE UPDATE ON booking_waitlistoffer
    FOR EACH ROW EXECUTE FUNCTION booking_guard_waitlist_offer();
"""
UNGUARD = """
DROP TRIGGER booking_waitlist_offer_guard ON booking_waitlistoffer;
DROP FUNCTION booking_guard_waitlist_offer();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0004_fiscal_terms_and_late_payments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="specialist",
            name="offer_hours",
            field=models.PositiveSmallIntegerField(
                default=2,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(72),
                ],
                verbose_name="a freed time is kept for somebody on the waitlist, hours",
            ),
        ),
        migrations.CreateModel(
            name="WaitlistOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("start", models.DateTimeField(verbose_name="start")),
                ("offered_at", models.DateTimeField(verbose_name="offered at")),
                ("expires_at", models.DateTimeField(verbose_name="kept until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "awaits an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("expired", "unanswered"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waitlist_offer",
                        to="booking.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="offered by",
                    ),
                ),
                (
                    "specialist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="booking.specialist",
                        verbose_name="specialist",
                    ),
                ),
                (
                    "waitlist_request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="booking.waitlistrequest",
                        verbose_name="waitlist request",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a time",
                "verbose_name_plural": "offers of times",
                "ordering": ["offered_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("waitlist_request", "start"), name="offer_once_per_request"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status", apps.booking.domain.waitlist_offer.OfferStatus["OFFERED"])
                        ),
                        fields=("waitlist_request",),
                        name="offer_one_open_per_request",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("status", apps.booking.domain.waitlist_offer.OfferStatus["OFFERED"])
                        ),
                        fields=("specialist", "start"),
                        name="offer_one_open_per_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["offered", "accepted", "declined", "expired"])),
                        name="offer_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__lte", models.F("start")), ("offered_at__lt", models.F("expires_at"))
                        ),
                        name="offer_ends_before_its_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
