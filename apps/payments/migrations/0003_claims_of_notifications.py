from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="paymentnotification",
            name="claims",
            field=models.JSONField(default=dict),
        ),
    ]
