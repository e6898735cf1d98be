"""The door writes down when it listened: what lies between is nobody's silence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0022_incident_also")]

    operations = [
        migrations.CreateModel(
            name="Listening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begun_at", models.DateTimeField(db_index=True)),
                ("last_at", models.DateTimeField()),
            ],
        ),
    ]
