"""Signatures of the charter; triggers keep the rows as they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from quenotte.provider.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("provider", "0002_traces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_label', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('version', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('how', models.CharField(choices=[('password', 'mot de passe'), ('factor', 'second facteur'), ('demo', 'créée avec la démonstration')], max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('person', 'version', 'digest'), name='signature_is_given_once')],
            },
        ),
        append_only("provider_signature"),
    ]
