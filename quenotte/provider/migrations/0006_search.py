"""What machines are found by, and the searches that somebody keeps."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('provider', '0005_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Indexed',
            fields=[
                ('machine', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='provider.machine')),
                ('digest', models.BinaryField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Phrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('shown', models.CharField(max_length=160)),
                ('compared', models.CharField(max_length=400)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'shown'), name='phrase_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, max_length=10)),
                ('machine', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='provider.machine')),
                ('phrase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='provider.phrase')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('phrase', 'machine', 'source'), name='mention_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60, verbose_name='nom')),
                ('words', models.CharField(max_length=200, verbose_name='recherche')),
                ('is_shared', models.BooleanField(default=False, verbose_name='pour tous')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('owner', 'name'), name='saved_search_name_is_unique')],
            },
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["rule", "state"], name="finding_by_rule"),
        ),
    ]
