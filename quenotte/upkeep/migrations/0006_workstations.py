import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0005_technicians'),
        ('upkeep', '0005_declaration'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='MachineToken',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('digest', models.BinaryField(max_length=32, unique=True)),
                    ('hint', models.CharField(max_length=8)),
                    ('machines', models.PositiveSmallIntegerField()),
                    ('used', models.PositiveSmallIntegerField(default=0)),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.practice')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('machines__gte', 1)), name='machine_token_is_for_a_machine'), models.CheckConstraint(condition=models.Q(('used__lte', models.F('machines'))), name='machine_token_is_not_used_too_often')],
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='Machine',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=63, verbose_name='nom')),
                    ('agent', models.CharField(choices=[('glpi', 'GLPI Agent'), ('osquery', 'osquery'), ('station', 'compagnon Quenotte'), ('self', 'ce serveur')], max_length=10)),
                    ('agent_name', models.CharField(blank=True, max_length=120)),
                    ('hardware_uuid', models.CharField(blank=True, max_length=64)),
                    ('serial', models.CharField(blank=True, max_length=64)),
                    ('doubted_uuid', models.CharField(blank=True, max_length=64)),
                    ('doubted_serial', models.CharField(blank=True, max_length=64)),
                    ('key_digest', models.BinaryField(max_length=32, unique=True)),
                    ('standing', models.CharField(choices=[('quarantine', 'à reconnaître'), ('accepted', 'suivi'), ('revoked', 'plus suivi')], default='quarantine', max_length=12)),
                    ('doubt', models.CharField(default='new', max_length=12)),
                    ('is_simulated', models.BooleanField(default=False)),
                    ('enrolled_at', models.DateTimeField()),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('judged_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='machines', to='base.practice')),
                    ('token', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='upkeep.machinetoken')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('standing', 'quarantine'), ('decided_at__isnull', False), _connector='OR'), name='workstation_was_decided'), models.UniqueConstraint(condition=models.Q(('agent', 'self')), fields=('practice',), name='server_knows_itself_once')],
                    'indexes': [models.Index(fields=['practice', 'standing'], name='machine_by_standing')],
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Exemption',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('rule', models.CharField(max_length=40)),
                    ('reason', models.CharField(max_length=40)),
                    ('why', models.CharField(max_length=200, verbose_name='pourquoi')),
                    ('granted_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemptions', to='upkeep.machine')),
                ],
                options={
                    'ordering': ['-granted_at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='exemption_has_a_reason'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('granted_at'))), name='exemption_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='MachineChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('is_verdict', models.BooleanField(default=False)),
                    ('key', models.CharField(max_length=40)),
                    ('source', models.CharField(blank=True, max_length=10)),
                    ('before', models.JSONField(null=True)),
                    ('after', models.JSONField(null=True)),
                    ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='upkeep.machine')),
                ],
                options={
                    'ordering': ['-at', '-id'],
                    'indexes': [models.Index(fields=['machine', '-at'], name='change_by_machine')],
                },
            ),
            migrations.CreateModel(
                name='MachineDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('early', models.BigIntegerField(default=0)),
                    ('late', models.BigIntegerField(default=0)),
                    ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='upkeep.machine')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('machine', 'day'), name='machine_day_is_unique')],
                },
            ),
            migrations.CreateModel(
                name='MachineFinding',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rule', models.CharField(max_length=40)),
                    ('cause', models.CharField(max_length=20)),
                    ('severity', models.CharField(max_length=10)),
                    ('state', models.CharField(max_length=10)),
                    ('reason', models.CharField(max_length=40)),
                    ('values', models.JSONField(default=dict)),
                    ('evidence', models.JSONField(default=list)),
                    ('dissent', models.JSONField(default=list)),
                    ('since', models.DateTimeField()),
                    ('memory', models.JSONField(default=dict)),
                    ('is_open', models.BooleanField(default=False)),
                    ('opened_at', models.DateTimeField(null=True)),
                    ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='upkeep.machine')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('machine', 'rule'), name='finding_by_rule')],
                },
            ),
            migrations.CreateModel(
                name='MachineState',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=10)),
                    ('seen_at', models.DateTimeField()),
                    ('reported_at', models.DateTimeField(null=True)),
                    ('facts', models.JSONField(default=dict)),
                    ('fingerprint', models.BinaryField(default=b'', max_length=16)),
                    ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='states', to='upkeep.machine')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('machine', 'source'), name='state_by_source')],
                },
            ),
        ]),
    ]
