import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from quenotte.base.tables import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0003_guard'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Kit',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('serial', models.CharField(max_length=20, unique=True)),
                    ('paper', models.CharField(choices=[('F', 'Feuille'), ('P', 'Trois parts')], max_length=1)),
                    ('state', models.CharField(choices=[('in_force', 'En vigueur'), ('replaced', 'Remplacée'), ('leaked', 'Vue ou perdue')], default='in_force', max_length=10)),
                    ('made_at', models.DateTimeField()),
                    ('device', models.CharField(blank=True, max_length=64)),
                    ('provider_name', models.CharField(blank=True, max_length=100)),
                    ('provider_phone', models.CharField(blank=True, max_length=40)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-made_at'],
                    'constraints': [models.UniqueConstraint(condition=Q(('state', 'replaced'), _negated=True), fields=('paper',), name='kit_one_of_a_kind_counts')],
                },
            ),
            migrations.CreateModel(
                name='KitKey',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('key_file', models.CharField(max_length=64)),
                    ('mark', models.CharField(max_length=64)),
                    ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kit_keys', to='upkeep.destination')),
                    ('kit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='upkeep.kit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kit', 'destination'), name='kit_opens_a_place_once')],
                },
            ),
            migrations.CreateModel(
                name='Trial',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('device', models.CharField(blank=True, max_length=64)),
                    ('typed_at', models.DateTimeField()),
                    ('state', models.CharField(choices=[('running', 'Restauration en cours'), ('done', 'Restauration réussie'), ('failed', 'Restauration échouée')], default='running', max_length=8)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('outcome', models.CharField(blank=True, max_length=600)),
                    ('destination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='upkeep.destination')),
                    ('kit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='upkeep.kit')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-typed_at'],
                    'constraints': [models.CheckConstraint(condition=Q(Q(('ended_at__isnull', True), ('state', 'running')), Q(Q(('state', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='trial_ends_once_over')],
                },
            ),
        ]),
    ]
