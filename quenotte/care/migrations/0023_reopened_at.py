"""A recall that was put back on the list says since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0022_despite_a_recall")]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="reopened_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
