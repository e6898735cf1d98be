"""Questionnaires that were signed and dossiers that were made; triggers keep both as they are."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels
from quenotte.provider.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0005_technicians'),
        ('provider', '0003_charter'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_as', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('ok', models.PositiveSmallIntegerField()),
                ('bad', models.PositiveSmallIntegerField()),
                ('unknown', models.PositiveSmallIntegerField()),
                ('journal_number', models.PositiveBigIntegerField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='provider.customer')),
                ('json_file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.blob')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pdf_file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.blob')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('customer', 'number'), name='dossier_number_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('number', 1), ('previous', '')), models.Q(('number__gt', 1), models.Q(('previous', ''), _negated=True)), _connector='OR'), name='dossier_follows_another')],
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sheet', models.CharField(choices=[('contract', 'contract'), ('equipment', 'equipment'), ('access', 'access'), ('recovery', 'recovery'), ('practice', 'practice')], max_length=10)),
                ('answers', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='provider.customer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('customer', 'sheet'), name='draft_of_a_sheet')],
            },
        ),
        migrations.CreateModel(
            name='Making',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('percent', models.PositiveSmallIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='makings', to='provider.customer')),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='provider.dossier')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True)), fields=('customer',), name='making_one_at_a_time')],
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='SignedSheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sheet', models.CharField(choices=[('contract', 'contract'), ('equipment', 'equipment'), ('access', 'access'), ('recovery', 'recovery'), ('practice', 'practice')], max_length=10)),
                ('answers', models.JSONField()),
                ('signer', models.CharField(max_length=120, verbose_name='nom')),
                ('quality', models.CharField(max_length=80, verbose_name='qualité')),
                ('taken_as', models.CharField(max_length=120)),
                ('signed_at', models.DateTimeField()),
                ('digest', models.CharField(max_length=64)),
                ('journal_number', models.PositiveBigIntegerField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_sheets', to='provider.customer')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['customer', '-signed_at'], name='signed_sheet_of_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('signer', ''), _negated=True), models.Q(('quality', ''), _negated=True)), name='signed_sheet_says_whose_it_is')],
                'ordering': ['-signed_at'],
            },
        ),
        ]),
        append_only("provider_signedsheet"),
        append_only("provider_dossier"),
    ]
