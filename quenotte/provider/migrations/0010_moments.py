from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provider', '0009_sent'),
    ]

    operations = [
        migrations.AddField(
            model_name='posture',
            name='look_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='posture',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='posture_look_at'),
        ),
        migrations.AddField(
            model_name='incident',
            name='told_of',
            field=models.JSONField(default=list),
        ),
    ]
