"""An incident of a practice itself names its other broken rules; each is drawn again in days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0021_departures")]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="also",
            field=models.JSONField(default=list),
        ),
    ]
