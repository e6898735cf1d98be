from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0010_agreement'),
    ]

    operations = [
        migrations.AddField(
            model_name='trial',
            name='passed_over',
            field=models.CharField(blank=True, max_length=600),
        ),
    ]
