"""The server of a practice is an agent of its own, beside a companion on the same machine."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0013_licences")]

    operations = [
        migrations.AlterField(
            model_name="machine",
            name="agent",
            field=models.CharField(
                choices=[
                    ("glpi", "GLPI Agent"),
                    ("osquery", "osquery"),
                    ("station", "Quenotte"),
                    ("practice", "serveur Quenotte"),
                ],
                max_length=10,
            ),
        ),
    ]
