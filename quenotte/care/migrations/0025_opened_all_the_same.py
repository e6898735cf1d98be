"""Pouches that were opened all the same, with their reason; who let a cycle go."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0024_taken_back_consents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="pouchuse",
            name="barred",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_released", "Noté ouvert alors que son cycle n’était pas libéré"),
                    ("failed", "Noté ouvert alors que son cycle était non conforme"),
                    ("expired", "Noté ouvert alors qu’il était périmé"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="pouchuse",
            name="despite",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="sterilisationcycle",
            name="released_as",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddConstraint(
            model_name="pouchuse",
            constraint=models.CheckConstraint(
                condition=Q(barred="", despite="") | (~Q(barred="") & ~Q(despite="")),
                name="barred_pouch_says_why",
            ),
        ),
    ]
