"""Letters about accounts, the cabinet and the chain of consents; optional letters switched off one by one."""

import django.contrib.postgres.fields
from django.db import migrations, models

from apps.messaging.infrastructure.first_texts import load_first_texts

KINDS = [
    ("booking_confirmed", "Booking confirmed"),
    ("how_to_prepare", "How to prepare"),
    ("reminder_day", "First reminder"),
    ("reminder_hour", "Second reminder"),
    ("appointment_moved", "Appointment moved"),
    ("appointment_canceled", "Appointment canceled"),
    ("request_declined", "Request declined"),
    ("awaiting_payment", "Link to pay"),
    ("payment_received", "Payment received"),
    ("payment_returned", "Money returned"),
    ("waitlist_offer", "Offer from the waitlist"),
    ("sign_in_code", "Sign-in code"),
    ("staff_sign_in", "Sign-in of staff"),
    ("confirmation_code", "Confirmation code"),
    ("contact_changed", "Contact changed"),
    ("export_ready", "Export is ready"),
    ("material_shared", "Material after a session"),
    ("staff_invitation", "Invitation to the practice"),
    ("consent_chain_head", "Head of the chain of consents"),
]
NEW = frozenset(
    {
        "confirmation_code",
        "contact_changed",
        "export_ready",
        "material_shared",
        "staff_invitation",
        "consent_chain_head",
    }
)
# Whoever had switched reminders off had switched off all that were optional then.
REMINDERS = """
UPDATE messaging_reminderoptout SET kinds = ARRAY['how_to_prepare', 'reminder_day', 'reminder_hour']
"""


def write_texts(apps, schema_editor):
    load_first_texts(apps, NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_guards_and_first_texts"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="message",
            name="message_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_recipient_known",
        ),
        migrations.RemoveConstraint(
            model_name="messagetemplate",
            name="message_template_kind_known",
        ),
        migrations.AddField(
            model_name="reminderoptout",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=KINDS,
                    max_length=30,
                ),
                default=list,
            ),
        ),
        migrations.AlterField(
            model_name="deliverysettings",
            name="switched_off",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=KINDS,
                    max_length=30,
                ),
                blank=True,
                default=list,
                verbose_name="letters that are not sent",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=KINDS,
                max_length=30,
                verbose_name="letter",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="recipient_kind",
            field=models.CharField(
                choices=[
                    ("client", "client"),
                    ("sign_in", "somebody who signs in"),
                    ("staff", "a trial to oneself"),
                    ("confirmation", "somebody who confirms a step"),
                    ("invitation", "somebody invited to the practice"),
                    ("owner", "owner"),
                ],
                max_length=20,
                verbose_name="recipient",
            ),
        ),
        migrations.AlterField(
            model_name="messagetemplate",
            name="kind",
            field=models.CharField(
                choices=KINDS,
                max_length=30,
                verbose_name="message",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [kind for kind, _name in KINDS],
                    )
                ),
                name="message_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "recipient_kind__in",
                        ["client", "sign_in", "staff", "confirmation", "invitation", "owner"],
                    )
                ),
                name="message_recipient_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagetemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [kind for kind, _name in KINDS],
                    )
                ),
                name="message_template_kind_known",
            ),
        ),
        migrations.RunSQL(REMINDERS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="reminderoptout",
            constraint=models.CheckConstraint(
                condition=models.Q(("kinds__len__gt", 0)), name="opt_out_of_something"
            ),
        ),
        migrations.RunPython(write_texts, migrations.RunPython.noop),
    ]
