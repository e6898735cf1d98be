"""Files of another program, records united; a note may follow its patient into another record.

The trigger of the notes names ``care_merge``: a later migration that makes that table anew on
SQLite (most changes of columns do) must first drop the trigger and put it back afterwards.
"""

from typing import Any

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels


_SAME_ON_SQLITE = " AND ".join(
    f"NEW.{column} IS OLD.{column}"
    for column in ("id", "author_id", "signed_as", "signed_at", "text", "corrects_id")
)
_UNITED = """
    EXISTS (SELECT 1 FROM care_merge m WHERE m.undone_at IS NULL AND (
        (m.survivor_id = NEW.patient_id AND m.absorbed_id = OLD.patient_id)
        OR (m.survivor_id = OLD.patient_id AND m.absorbed_id = NEW.patient_id)))
"""
_SQLITE = (
    "DROP TRIGGER IF EXISTS care_note_never_changes",
    f"""
    CREATE TRIGGER care_note_never_changes BEFORE UPDATE ON care_note
    WHEN NOT ({_SAME_ON_SQLITE} AND {_UNITED})
    BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END
    """,
)
_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS care_note_never_changes",
    """
    CREATE TRIGGER care_note_never_changes BEFORE UPDATE ON care_note
    BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END
    """,
)
_POSTGRES = (
    f"""
    CREATE OR REPLACE FUNCTION care_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'patient_id' = to_jsonb(OLD) - 'patient_id' AND {_UNITED} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'a note is never changed nor removed'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
)
_POSTGRES_BACK = (
    """
    CREATE OR REPLACE FUNCTION care_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a note is never changed nor removed'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
)


def let_notes_follow(apps: Any, schema_editor: Any) -> None:
    """Let a note change its patient while the two records are united, and nothing else."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES if postgres else _SQLITE:
        schema_editor.execute(statement)


def hold_notes(apps: Any, schema_editor: Any) -> None:
    """Let no note change at all, as before."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES_BACK if postgres else _SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ('base', '0002_journal_triggers'),
        ('care', '0004_agenda'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='ColumnMap',
                    fields=[
                        (
                            'id',
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name='ID',
                            ),
                        ),
                        (
                            'kind',
                            models.CharField(
                                choices=[
                                    ('patients', 'Patients'),
                                    ('appointments', 'Rendez-vous'),
                                    ('balances', 'Soldes'),
                                ],
                                max_length=12,
                            ),
                        ),
                        ('signature', models.CharField(max_length=64)),
                        ('columns', models.JSONField(default=dict)),
                        ('used_at', models.DateTimeField()),
                        (
                            'practice',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name='+',
                                to='base.practice',
                            ),
                        ),
                    ],
                    options={
                        'constraints': [
                            models.UniqueConstraint(
                                fields=('practice', 'kind', 'signature'),
                                name='headers_are_remembered_once',
                            )
                        ]
                    },
                ),
                migrations.CreateModel(
                    name='Import',
                    fields=[
                        (
                            'id',
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            'kind',
                            models.CharField(
                                choices=[
                                    ('patients', 'Patients'),
                                    ('appointments', 'Rendez-vous'),
                                    ('balances', 'Soldes'),
                                ],
                                max_length=12,
                                verbose_name='contenu',
                            ),
                        ),
                        (
                            'state',
                            models.CharField(
                                choices=[
                                    ('mapping', 'Colonnes à vérifier'),
                                    ('checking', 'Vérification en cours'),
                                    ('checked', 'Prêt à reprendre'),
                                    ('writing', 'Reprise en cours'),
                                    ('done', 'Repris'),
                                    ('undoing', 'Annulation en cours'),
                                    ('undone', 'Annulé'),
                                    ('failed', 'Arrêté'),
                                ],
                                default='mapping',
                                max_length=8,
                                verbose_name='état',
                            ),
                        ),
                        ('file_name', models.CharField(max_length=120, verbose_name='fichier')),
                        ('layout', models.JSONField(default=dict)),
                        ('columns', models.JSONField(default=dict)),
                        ('options', models.JSONField(default=dict)),
                        ('counts', models.JSONField(default=dict)),
                        ('trouble', models.CharField(blank=True, max_length=300)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('written_at', models.DateTimeField(null=True)),
                        ('undone_at', models.DateTimeField(null=True)),
                        (
                            'blob',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='base.blob',
                            ),
                        ),
                        (
                            'created_by',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            'practice',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='base.practice',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['-created_at'],
                        'indexes': [
                            models.Index(
                                fields=['practice', '-created_at'], name='import_by_practice'
                            )
                        ],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('undone_at__isnull', True),
                                    ('written_at__isnull', False),
                                    _connector='OR',
                                ),
                                name='import_is_undone_after_it_was_written',
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='ImportedAppointment',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            'appointment',
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='care.appointment',
                            ),
                        ),
                        (
                            'source',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='appointments',
                                to='care.import',
                            ),
                        ),
                    ],
                    options={'ordering': ['id']},
                ),
                migrations.CreateModel(
                    name='ImportedPatient',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('old_id', models.CharField(blank=True, max_length=60)),
                        ('is_created', models.BooleanField()),
                        ('related_id', models.UUIDField(null=True)),
                        (
                            'patient',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='care.patient',
                            ),
                        ),
                        (
                            'source',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='patients',
                                to='care.import',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['id'],
                        'indexes': [
                            models.Index(fields=['source', 'old_id'], name='imported_by_old_id')
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='Merge',
                    fields=[
                        (
                            'id',
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ('survivor_before', models.JSONField(default=dict)),
                        ('survivor_after', models.JSONField(default=dict)),
                        ('absorbed_before', models.JSONField(default=dict)),
                        ('moved', models.JSONField(default=dict)),
                        ('merged_at', models.DateTimeField()),
                        ('undone_at', models.DateTimeField(null=True)),
                        (
                            'absorbed',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='care.patient',
                            ),
                        ),
                        (
                            'merged_by',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            'practice',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='base.practice',
                            ),
                        ),
                        (
                            'survivor',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='merges',
                                to='care.patient',
                            ),
                        ),
                        (
                            'undone_by',
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['-merged_at'],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('survivor', models.F('absorbed')), _negated=True
                                ),
                                name='merge_unites_two_records',
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(('undone_at__isnull', True)),
                                fields=('absorbed',),
                                name='record_is_absorbed_once',
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningBalance',
                    fields=[
                        (
                            'id',
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ('amount_cents', models.BigIntegerField(verbose_name='solde repris')),
                        ('as_of', models.DateField(verbose_name='à la date du')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        (
                            'imported_by',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            'patient',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='care.patient',
                            ),
                        ),
                        (
                            'source',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='balances',
                                to='care.import',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['as_of'],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(('amount_cents', 0), _negated=True),
                                name='opening_balance_is_not_nil',
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='StagedRow',
                    fields=[
                        ('id', models.BigAutoField(primary_key=True, serialize=False)),
                        ('line', models.PositiveIntegerField()),
                        (
                            'state',
                            models.CharField(
                                choices=[
                                    ('ready', 'Prête'),
                                    ('double', 'Dossier existant'),
                                    ('refused', 'Refusée'),
                                ],
                                max_length=7,
                            ),
                        ),
                        ('remarks', models.JSONField(default=list)),
                        ('has_warning', models.BooleanField(default=False)),
                        (
                            'decision',
                            models.CharField(
                                blank=True,
                                choices=[
                                    ('link', 'Relier au dossier existant'),
                                    ('skip', 'Ne pas reprendre'),
                                    ('create', 'Créer un nouveau dossier'),
                                ],
                                max_length=6,
                            ),
                        ),
                        ('match_id', models.UUIDField(null=True)),
                        ('values', models.JSONField(default=dict)),
                        ('keys', models.JSONField(default=list)),
                        ('cells', models.JSONField(default=list)),
                        (
                            'source',
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name='rows',
                                to='care.import',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['line'],
                        'indexes': [
                            models.Index(fields=['source', 'state', 'line'], name='staged_by_state')
                        ],
                        'constraints': [
                            models.UniqueConstraint(
                                fields=('source', 'line'), name='line_is_staged_once'
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='Progress',
                    fields=[
                        (
                            'source',
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name='+',
                                serialize=False,
                                to='care.import',
                            ),
                        ),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('total', models.PositiveIntegerField(default=0)),
                    ],
                ),
            ]
        ),
        migrations.AddField(
            model_name='patient',
            name='merged_into',
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='absorbed',
                to='care.patient',
            ),
        ),
        migrations.AddConstraint(
            model_name='patient',
            constraint=models.CheckConstraint(
                condition=models.Q(('merged_into', models.F('id')), _negated=True),
                name='patient_is_not_her_own_double',
            ),
        ),
        migrations.RunPython(let_notes_follow, hold_notes),
    ]
