"""What was opened of a practice is asked for by its number: a clock that leapt hides nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0023_listening")]

    operations = [
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["customer", "id"], name="look_by_number"),
        ),
    ]
