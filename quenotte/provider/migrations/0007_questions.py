"""Questions to machines and their answers."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provider', '0006_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('person_label', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('subject', models.CharField(max_length=20)),
                ('whom', models.CharField(max_length=200)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sent_at', models.DateTimeField(null=True)),
                ('catalogue', models.CharField(blank=True, max_length=80)),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_failed', models.BooleanField(default=False)),
                ('facts', models.JSONField(default=dict)),
                ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='provider.machine')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='provider.question')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['machine'], name='asked_waiting')],
                'constraints': [models.UniqueConstraint(fields=('question', 'machine'), name='asked_once')],
            },
        ),
    ]
