"""What an exemption bears is named: one program or port more is not borne."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("upkeep", "0008_sent")]

    operations = [
        migrations.AddField(
            model_name="exemption",
            name="things",
            field=models.JSONField(default=list),
        ),
    ]
