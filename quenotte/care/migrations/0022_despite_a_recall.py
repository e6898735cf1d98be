"""That a device was written though it had expired or its lot was recalled, and why."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0005_technicians"),
        ("care", "0021_earlier_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="placeddevice",
            name="barred",
            field=models.CharField(
                blank=True,
                choices=[
                    ("recalled", "Inscrit bien que son lot soit rappelé"),
                    ("expired", "Inscrit bien que périmé le jour de la pose"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="placeddevice",
            name="despite",
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddConstraint(
            model_name="placeddevice",
            constraint=models.CheckConstraint(
                condition=Q(barred="", despite="") | (~Q(barred="") & ~Q(despite="")),
                name="barred_device_says_why",
            ),
        ),
    ]
