"""What proves something of a practice goes with it, years later, and leaves its digests."""

from django.db import migrations, models

from quenotte.provider.append_only import append_only, goes_with_its_practice


class Migration(migrations.Migration):
    dependencies = [("provider", "0020_past_days_by_month")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="emptied_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("ended_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("dossiers", models.JSONField(default=list)),
                ("sheets", models.JSONField(default=list)),
                ("journal_number", models.PositiveBigIntegerField()),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["at"], name="departure_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__lt", models.F("at"))),
                        name="departure_follows_the_end",
                    )
                ],
            },
        ),
        append_only("provider_departure"),
        goes_with_its_practice("provider_look"),
        goes_with_its_practice("provider_signedsheet"),
        goes_with_its_practice("provider_dossier"),
    ]
