"""Periodontal examinations; the triggers that keep what is closed or signed as it is.

Whose examination it is may change: two records are united.
"""

import django.db.models.deletion
import uuid
from typing import Any
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels

_NEVER = "a closed periodontal examination is never changed"
#: What stays as it was once the examination is closed; ``patient_id`` is not among it.
_SEALED = (
    "id", "status", "examined_on", "examiner_id", "examined_by", "started_at", "typed_at",
    "typed_by_id", "closed_at", "closed_by", "corrects_id", "draft_of",
)  # fmt: skip
_OF_AN_EXAM = ("care_periosite", "care_periotooth")
_TABLES = ("care_perioexam", *_OF_AN_EXAM, "care_periostatement")


def _sqlite_trigger(table: str, when: str, condition: str) -> str:
    name = f"{table}_{when.split()[1].lower()}_is_sealed"
    guard = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER {name} {when} ON {table} {guard}BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    )


def _is_closed(row: str) -> str:
    closed = "EXISTS (SELECT 1 FROM care_perioexam WHERE id = ROW.exam_id AND status = 'closed')"
    return closed.replace("ROW", row)


def _differs(operator: str) -> str:
    return " OR ".join(f"NEW.{name} {operator} OLD.{name}" for name in _SEALED)


def _sqlite() -> list[str]:
    """Return the statements that seal the tables on SQLite."""
    changed = f"OLD.status = 'closed' AND ({_differs('IS NOT')})"
    # INSERT OR REPLACE removes the row in its way without firing what guards against removal.
    same = "EXISTS (SELECT 1 FROM {0} WHERE id = NEW.id)"
    statements = [
        _sqlite_trigger("care_perioexam", "BEFORE UPDATE", changed),
        _sqlite_trigger("care_perioexam", "BEFORE INSERT", same.format("care_perioexam")),
        _sqlite_trigger("care_periostatement", "BEFORE UPDATE", ""),
        _sqlite_trigger("care_periostatement", "BEFORE INSERT", same.format("care_periostatement")),
    ]
    for table in _OF_AN_EXAM:
        either = f"{_is_closed('OLD')} OR {_is_closed('NEW')}"
        statements.append(_sqlite_trigger(table, "BEFORE UPDATE", either))
        statements.append(_sqlite_trigger(table, "BEFORE INSERT", _is_closed("NEW")))
    return [*statements, *(_sqlite_trigger(table, "BEFORE DELETE", "") for table in _TABLES)]


_FUNCTIONS = {
    "care_perio_never": "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
    f"MESSAGE = '{_NEVER}';",
    "care_perio_exam": f"IF OLD.status = 'closed' AND ({_differs('IS DISTINCT FROM')}) THEN "
    f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{_NEVER}'; "
    "END IF; RETURN NEW;",
    "care_perio_part": f"IF {_is_closed('NEW')} OR (TG_OP = 'UPDATE' AND {_is_closed('OLD')}) THEN "
    f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = '{_NEVER}'; "
    "END IF; RETURN NEW;",
}


def _postgres_trigger(table: str, when: str, each: str, function: str) -> str:
    name = f"{table}_{when.split()[1].lower()}_is_sealed"
    return f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def _postgres() -> list[str]:
    """Return the statements that seal the tables on PostgreSQL."""
    statements = [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        for name, body in _FUNCTIONS.items()
    ]
    statements += [
        _postgres_trigger("care_perioexam", "BEFORE UPDATE", "ROW", "care_perio_exam"),
        _postgres_trigger("care_periostatement", "BEFORE UPDATE", "ROW", "care_perio_never"),
        *(
            _postgres_trigger(table, "BEFORE INSERT OR UPDATE", "ROW", "care_perio_part")
            for table in _OF_AN_EXAM
        ),
    ]
    for table in _TABLES:
        statements.append(_postgres_trigger(table, "BEFORE DELETE", "ROW", "care_perio_never"))
        statements.append(
            _postgres_trigger(table, "BEFORE TRUNCATE", "STATEMENT", "care_perio_never")
        )
    return statements


def _released(vendor: str) -> list[str]:
    """Return the statements that take the triggers away."""
    on = " ON {0}" if vendor == "postgresql" else ""
    dropped = [
        f"DROP TRIGGER IF EXISTS {table}_{what}_is_sealed{on.format(table)}"
        for table in _TABLES
        for what in ("update", "insert", "delete", "truncate")
    ]
    if vendor == "postgresql":
        dropped += [f"DROP FUNCTION IF EXISTS {name}()" for name in _FUNCTIONS]
    return dropped


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this engine."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _postgres() if postgres else _sqlite():
        schema_editor.execute(statement)


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers of this engine away."""
    for statement in _released(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ('base', '0003_keyboard'),
        ('care', '0011_recalls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='PerioHabit',
                    fields=[
                        (
                            'person',
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name='+',
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ('order', models.CharField(default='loop', max_length=12)),
                        ('lower_first', models.BooleanField(default=False)),
                        ('has_sound', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='PerioExam',
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
                            'status',
                            models.CharField(
                                choices=[
                                    ('draft', 'En cours'),
                                    ('closed', 'Clos'),
                                    ('given_up', 'Abandonné'),
                                ],
                                default='draft',
                                max_length=8,
                            ),
                        ),
                        ('examined_on', models.DateField(verbose_name='examen du')),
                        ('examined_by', models.CharField(max_length=120)),
                        ('started_at', models.DateTimeField()),
                        ('typed_at', models.DateTimeField(null=True)),
                        ('told_at', models.DateTimeField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by', models.CharField(blank=True, max_length=120)),
                        ('draft_of', models.UUIDField(null=True, unique=True)),
                        (
                            'corrects',
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to='care.perioexam',
                            ),
                        ),
                        (
                            'examiner',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            'patient',
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='perio_exams',
                                to='care.patient',
                            ),
                        ),
                        (
                            'typed_by',
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['-examined_on', '-started_at'],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('draft_of__isnull', False), ('status', 'draft')),
                                    models.Q(
                                        models.Q(('status', 'draft'), _negated=True),
                                        ('draft_of', None),
                                    ),
                                    _connector='OR',
                                ),
                                name='perio_draft_says_of_whom',
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(('status', 'given_up'), _negated=True),
                                fields=('corrects',),
                                name='perio_exam_is_corrected_once',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('closed_at__isnull', False), ('status', 'closed')),
                                    models.Q(
                                        models.Q(('status', 'closed'), _negated=True),
                                        ('closed_at', None),
                                    ),
                                    _connector='OR',
                                ),
                                name='perio_closed_exam_says_when',
                            ),
                        ],
                        'indexes': [
                            models.Index(
                                fields=['patient', '-examined_on'], name='perio_by_patient'
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='PerioSite',
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
                        ('tooth', models.PositiveSmallIntegerField()),
                        ('site', models.CharField(max_length=2)),
                        ('depth', models.PositiveSmallIntegerField(null=True)),
                        ('recession', models.SmallIntegerField(null=True)),
                        ('bleeding', models.BooleanField(default=False)),
                        ('plaque', models.BooleanField(default=False)),
                        ('suppuration', models.BooleanField(default=False)),
                        (
                            'exam',
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='sites',
                                to='care.perioexam',
                            ),
                        ),
                    ],
                    options={
                        'constraints': [
                            models.UniqueConstraint(
                                fields=('exam', 'tooth', 'site'), name='perio_site_once_an_exam'
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        'tooth__in',
                                        [
                                            11,
                                            12,
                                            13,
                                            14,
                                            15,
                                            16,
                                            17,
                                            18,
                                            21,
                                            22,
                                            23,
                                            24,
                                            25,
                                            26,
                                            27,
                                            28,
                                            31,
                                            32,
                                            33,
                                            34,
                                            35,
                                            36,
                                            37,
                                            38,
                                            41,
                                            42,
                                            43,
                                            44,
                                            45,
                                            46,
                                            47,
                                            48,
                                        ],
                                    )
                                ),
                                name='perio_site_is_of_a_permanent_tooth',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('site__in', ['MV', 'V', 'DV', 'ML', 'L', 'DL'])
                                ),
                                name='perio_site_is_one_of_six',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('depth', None), ('depth__range', (0, 15)), _connector='OR'
                                ),
                                name='perio_depth_0_to_15_mm',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('recession', None),
                                    ('recession__range', (-9, 15)),
                                    _connector='OR',
                                ),
                                name='perio_recession_is_possible',
                            ),
                        ]
                    },
                ),
                migrations.CreateModel(
                    name='PerioStatement',
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
                                choices=[('conclusion', 'Conclusion'), ('addition', 'Complément')],
                                max_length=10,
                            ),
                        ),
                        ('signed_as', models.CharField(max_length=120)),
                        ('signed_at', models.DateTimeField()),
                        ('text', models.TextField(verbose_name='texte')),
                        ('stage', models.CharField(blank=True, max_length=3, verbose_name='stade')),
                        ('grade', models.CharField(blank=True, max_length=1, verbose_name='grade')),
                        (
                            'extent',
                            models.CharField(
                                blank=True,
                                choices=[
                                    ('localised', 'localisée'),
                                    ('generalised', 'généralisée'),
                                    ('molar_incisor', 'molaires et incisives'),
                                ],
                                max_length=14,
                                verbose_name='étendue',
                            ),
                        ),
                        ('context', models.JSONField(default=dict)),
                        (
                            'author',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='+',
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            'exam',
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='statements',
                                to='care.perioexam',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['signed_at'],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('text', ''), _negated=True),
                                    models.Q(('stage', ''), _negated=True),
                                    _connector='OR',
                                ),
                                name='perio_statement_says_something',
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name='PerioTooth',
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
                        ('tooth', models.PositiveSmallIntegerField()),
                        ('presence', models.CharField(default='present', max_length=8)),
                        ('mobility', models.PositiveSmallIntegerField(null=True)),
                        ('furcation_v', models.PositiveSmallIntegerField(null=True)),
                        ('furcation_l', models.PositiveSmallIntegerField(null=True)),
                        ('furcation_m', models.PositiveSmallIntegerField(null=True)),
                        ('furcation_d', models.PositiveSmallIntegerField(null=True)),
                        (
                            'exam',
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name='teeth',
                                to='care.perioexam',
                            ),
                        ),
                    ],
                    options={
                        'constraints': [
                            models.UniqueConstraint(
                                fields=('exam', 'tooth'), name='perio_tooth_once_an_exam'
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        'tooth__in',
                                        [
                                            11,
                                            12,
                                            13,
                                            14,
                                            15,
                                            16,
                                            17,
                                            18,
                                            21,
                                            22,
                                            23,
                                            24,
                                            25,
                                            26,
                                            27,
                                            28,
                                            31,
                                            32,
                                            33,
                                            34,
                                            35,
                                            36,
                                            37,
                                            38,
                                            41,
                                            42,
                                            43,
                                            44,
                                            45,
                                            46,
                                            47,
                                            48,
                                        ],
                                    )
                                ),
                                name='perio_tooth_is_permanent',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ('presence__in', ['present', 'missing', 'implant'])
                                ),
                                name='perio_presence_is_known',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ('mobility', None),
                                        ('mobility__range', (0, 3)),
                                        _connector='OR',
                                    ),
                                    models.Q(
                                        ('furcation_v', None),
                                        ('furcation_v__range', (0, 3)),
                                        _connector='OR',
                                    ),
                                    models.Q(
                                        ('furcation_l', None),
                                        ('furcation_l__range', (0, 3)),
                                        _connector='OR',
                                    ),
                                    models.Q(
                                        ('furcation_m', None),
                                        ('furcation_m__range', (0, 3)),
                                        _connector='OR',
                                    ),
                                    models.Q(
                                        ('furcation_d', None),
                                        ('furcation_d__range', (0, 3)),
                                        _connector='OR',
                                    ),
                                ),
                                name='perio_grades_are_0_to_3',
                            ),
                        ]
                    },
                ),
            ]
        ),
        migrations.RunPython(protect, release),
    ]
