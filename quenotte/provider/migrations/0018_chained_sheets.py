"""What is signed bears the digest of what was signed before it; what was signed earlier stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("provider", "0017_pulsed")]

    operations = [
        # Columns that may be empty: no engine copies the table, and its triggers stay.
        migrations.AddField(
            model_name="signedsheet", name="number", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="signedsheet",
            name="previous",
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddConstraint(
            model_name="signedsheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("customer", "number"),
                name="signed_sheet_has_a_place",
            ),
        ),
    ]
