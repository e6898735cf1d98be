"""Appointments say themselves that another program gave them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0019_signer_quality")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="imported_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
