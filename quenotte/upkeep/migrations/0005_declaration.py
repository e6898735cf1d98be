import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('upkeep', '0004_kit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Declaration',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('mass', models.CharField(choices=[('import', 'Import ou reprise de données'), ('purge', 'Effacement ou archivage'), ('rewriting', 'Conversion ou réécriture'), ('migration', 'Mise à jour de Quenotte'), ('union', 'Réunion de dossiers')], max_length=10)),
                    ('begun_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField()),
                    ('tables', models.JSONField(default=list)),
                    ('rows', models.PositiveIntegerField(default=0)),
                    ('words', models.CharField(blank=True, max_length=200)),
                    ('signature', models.CharField(max_length=64)),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-begun_at'],
                    'indexes': [models.Index(fields=['ended_at'], name='declaration_by_end')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('begun_at'))), name='declaration_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('person__isnull', True), models.Q(('words', ''), _negated=True), _connector='OR'), name='declaration_says_what')],
                },
            ),
        ]),
    ]
