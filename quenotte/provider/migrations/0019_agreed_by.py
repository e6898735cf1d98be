"""Since when, and by whose hand, a practice's list of what was agreed is as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0018_chained_sheets")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="agreed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="agreed_by",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
