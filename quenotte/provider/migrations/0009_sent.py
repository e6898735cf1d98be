from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provider', '0008_agents'),
    ]

    operations = [
        migrations.AddField(
            model_name='state',
            name='sent_at',
            field=models.DateTimeField(null=True),
        ),
    ]
