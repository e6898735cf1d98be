"""What is known of a practice: its hours and closed days, what it agreed to, its contract."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provider', '0011_exemption_things'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='closed_on',
            field=models.JSONField(default=list, verbose_name='jours de fermeture'),
        ),
        migrations.AddField(
            model_name='customer',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='is_due',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='customer',
            name='ports',
            field=models.JSONField(default=list, verbose_name='ports convenus'),
        ),
        migrations.AddField(
            model_name='customer',
            name='remote_tools',
            field=models.JSONField(default=list, verbose_name='prise en main convenue'),
        ),
        migrations.AddField(
            model_name='customer',
            name='resumed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('is_due', True)), fields=['id'], name='customer_due'),
        ),
    ]
