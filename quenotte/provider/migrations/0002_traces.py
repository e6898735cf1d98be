"""Who opened what of which practice; triggers keep the rows as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from quenotte.provider.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("provider", "0001_fleet"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person_label', models.CharField(max_length=120)),
                ('what', models.CharField(max_length=40)),
                ('about', models.CharField(blank=True, max_length=63)),
                ('machines', models.PositiveIntegerField(default=0)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provider.customer')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['customer', '-at', '-id'], name='look_by_customer')],
            },
        ),
        append_only("provider_look"),
    ]
