"""What fails at one practice is noted; each silence has a moment of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0014_practice_agent")]

    operations = [
        migrations.CreateModel(
            name="Stumble",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                    verbose_name="ID")),
                ("part", models.CharField(max_length=10)),
                ("subject", models.CharField(blank=True, max_length=36)),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("error", models.CharField(max_length=60)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE,
                    related_name="+", to="provider.customer")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "part", "subject"), name="stumble_is_noted_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="incident", name="ripens_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("ripens_at__isnull", False)),
                fields=["ripens_at"],
                name="incident_ripens",
            ),
        ),
    ]  # fmt: skip
