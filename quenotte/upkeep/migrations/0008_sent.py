from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0007_pulse'),
    ]

    operations = [
        migrations.AddField(
            model_name='machinestate',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
    ]
