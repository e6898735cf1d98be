"""The days that are over lie by the month: what is too old goes with its month."""

import django.db.models.deletion
from django.db import migrations, models

from quenotte.provider.partitions import CreateByMonth


class Migration(migrations.Migration):
    dependencies = [("provider", "0019_agreed_by")]

    operations = [
        CreateByMonth(
            name="PastDay",
            by="day",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "machine", "day", "source",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("source", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("early", models.BigIntegerField()),
                ("late", models.BigIntegerField()),
                (
                    "machine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="provider.machine",
                    ),
                ),
            ],
        ),
        # Of both tables the same columns: nothing of a day is lost on the way.
        migrations.RunSQL(
            "INSERT INTO provider_pastday (machine_id, source, day, early, late)"
            " SELECT machine_id, source, day, early, late FROM provider_day",
            "INSERT INTO provider_day (machine_id, source, day, early, late)"
            " SELECT machine_id, source, day, early, late FROM provider_pastday",
        ),
        migrations.DeleteModel("Day"),
    ]  # fmt: skip
