"""What the server of a practice says of its copies itself is kept, the last of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0016_what_was_told")]

    operations = [
        migrations.CreateModel(
            name="Pulsed",
            fields=[
                (
                    "machine",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pulsed",
                        serialize=False,
                        to="provider.machine",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("light", models.CharField(max_length=8)),
                ("reasons", models.JSONField(default=list)),
            ],
        ),
    ]
