"""Work that is made again, who was told of a recalled lot, the longer codes of HIBC."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0004_tablets"),
        ("care", "0017_issued_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LotRecallNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "Par téléphone"),
                            ("letter", "Par courrier"),
                            ("visit", "De vive voix"),
                            ("tried", "Pas joint"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("signed_as", models.CharField(max_length=120)),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="care.lot",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care.patient",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.AddField(
            model_name="laborder",
            name="remakes",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remade_as",
                to="care.laborder",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="gtin",
            field=models.CharField(blank=True, max_length=24, verbose_name="code du produit"),
        ),
        migrations.AlterField(
            model_name="placeddevice",
            name="gtin",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddConstraint(
            model_name="laborder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "cancelled"), _negated=True),
                fields=("remakes",),
                name="order_is_remade_once",
            ),
        ),
    ]
