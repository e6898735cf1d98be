import django.db.models.deletion
import quenotte.base.sealing
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.append_only import append_only
from quenotte.base.tables import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0005_technicians'),
        ('upkeep', '0006_workstations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Pairing',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('address', models.CharField(max_length=200)),
                    ('fingerprint', models.CharField(blank=True, max_length=64)),
                    ('key', quenotte.base.sealing.SealedTextField(blank=True, purpose='pulse.key')),
                    ('paired_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('told', models.JSONField(null=True)),
                    ('told_at', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, max_length=16)),
                    ('waiting', models.JSONField(null=True)),
                    ('tried_at', models.DateTimeField(null=True)),
                    ('trouble', models.CharField(blank=True, max_length=20)),
                    ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('paired_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.practice')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('practice',), name='one_provider_is_told')],
                    'ordering': ['-paired_at'],
                },
            ),
            migrations.CreateModel(
                name='Opening',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField()),
                    ('at', models.DateTimeField()),
                    ('who', models.CharField(max_length=120)),
                    ('what', models.CharField(max_length=40)),
                    ('about', models.CharField(blank=True, max_length=64)),
                    ('machines', models.PositiveBigIntegerField(default=0)),
                    ('heard_at', models.DateTimeField()),
                    ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='upkeep.pairing')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('pairing', 'number'), name='opening_is_told_once')],
                    'indexes': [models.Index(fields=['pairing', '-at'], name='opening_by_pairing')],
                    'ordering': ['-at', '-id'],
                },
            ),
        ]),
        append_only("upkeep_opening"),
    ]
