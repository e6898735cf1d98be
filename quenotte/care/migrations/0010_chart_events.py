"""The chart as events that are only added; what was seen of teeth until now becomes such events.

Not reversible: what is charted from now on has no place in the old table.

The trigger of the events names ``care_merge``, as that of the notes does (see ``0005_takeover``).
"""

import uuid
from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from quenotte.base.tables import CreateModels


_SAME_ON_SQLITE = " AND ".join(
    f"NEW.{column} IS OLD.{column}"
    for column in (
        "number", "key", "step", "what", '"on"', "finding", "target", "source", "author_id",
        "signed_as", "recorded_at",
    )
)  # fmt: skip
_UNITED = """
    EXISTS (SELECT 1 FROM care_merge m WHERE m.undone_at IS NULL AND (
        (m.survivor_id = NEW.patient_id AND m.absorbed_id = OLD.patient_id)
        OR (m.survivor_id = OLD.patient_id AND m.absorbed_id = NEW.patient_id)))
"""
_SQLITE = (
    f"""
    CREATE TRIGGER care_chartevent_never_changes BEFORE UPDATE ON care_chartevent
    WHEN NOT ({_SAME_ON_SQLITE} AND {_UNITED})
    BEGIN SELECT RAISE(ABORT, 'an event of the chart is never changed'); END
    """,
    """
    CREATE TRIGGER care_chartevent_never_goes BEFORE DELETE ON care_chartevent
    BEGIN SELECT RAISE(ABORT, 'an event of the chart is never removed'); END
    """,
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    """
    CREATE TRIGGER care_chartevent_is_never_replaced BEFORE INSERT ON care_chartevent
    WHEN EXISTS (SELECT 1 FROM care_chartevent WHERE number = NEW.number OR key = NEW.key)
    BEGIN SELECT RAISE(ABORT, 'an event of the chart is never changed'); END
    """,
)
_POSTGRES = (
    f"""
    CREATE FUNCTION care_chartevent_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'patient_id' = to_jsonb(OLD) - 'patient_id' AND {_UNITED} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'an event of the chart is never changed nor removed'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER care_chartevent_never_changes BEFORE UPDATE OR DELETE ON care_chartevent
    FOR EACH ROW EXECUTE FUNCTION care_chartevent_is_kept()
    """,
    """
    CREATE TRIGGER care_chartevent_never_goes BEFORE TRUNCATE ON care_chartevent
    FOR EACH STATEMENT EXECUTE FUNCTION care_chartevent_is_kept()
    """,
)
_BATCH = 1_000
_KINDS = {"unerupted": "impacted"}
_GONE = frozenset({"", "missing"})


def move(apps: Any, schema_editor: Any) -> None:
    """Write an event for each state that was seen, and let united records remember them."""
    rows = apps.get_model("care", "ToothState").objects.select_related("author")
    rows = rows.order_by("patient_id", "tooth", "seen_on", "created_at")
    events: list[Any] = []
    for _tooth, states in groupby(rows.iterator(), key=lambda row: (row.patient_id, row.tooth)):
        before = ""
        for row in states:
            # An implant where a tooth was, or a tooth where one was: it was taken out between.
            if "implant" in {row.state, before} and row.state != before and before not in _GONE:
                events.append(_event(apps, row, "missing", uuid.uuid5(row.id, "missing")))
            events.append(_event(apps, row, row.state, row.id))
            before = row.state
    model = apps.get_model("care", "ChartEvent")
    for start in range(0, len(events), _BATCH):
        model.objects.bulk_create(events[start : start + _BATCH])
    _let_merges_remember(apps)
    schema_editor.connection.check_constraints()


def _event(apps: Any, row: Any, state: str, key: uuid.UUID) -> Any:
    finding = {
        "kind": _KINDS.get(state, state), "teeth": [row.tooth], "status": "existing"
    }  # fmt: skip
    return apps.get_model("care", "ChartEvent")(
        key=key,
        patient_id=row.patient_id,
        step=row.id,
        what="find",
        on=row.seen_on,
        finding=finding,
        author_id=row.author_id,
        signed_as=" ".join(
            filter(None, (row.author.title, row.author.first_name, row.author.last_name))
        ),
        recorded_at=row.created_at,
    )


def _let_merges_remember(apps: Any) -> None:
    """Name the events in the place of the states that a union moved: parting takes them back."""
    events = apps.get_model("care", "ChartEvent").objects
    for merge in apps.get_model("care", "Merge").objects.all():
        states = merge.moved.pop("care.ToothState.patient", None)
        if states is None:
            continue
        numbers = events.filter(step__in=states).values_list("number", flat=True)
        merge.moved["care.ChartEvent.patient"] = [str(number) for number in numbers]
        merge.save(update_fields=["moved"])


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this engine."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES if postgres else _SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ('care', '0009_traceability'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='KeptMouth',
                    fields=[
                        (
                            'patient',
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name='+',
                                serialize=False,
                                to='care.patient',
                            ),
                        ),
                        ('rules_version', models.PositiveIntegerField(default=0)),
                        ('last_number', models.BigIntegerField(default=0)),
                        ('event_count', models.PositiveIntegerField(default=0)),
                        ('content', models.JSONField(default=dict)),
                    ],
                ),
                migrations.CreateModel(
                    name='ChartEvent',
                    fields=[
                        ('number', models.BigAutoField(primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('step', models.UUIDField()),
                        (
                            'what',
                            models.CharField(
                                choices=[
                                    ('find', 'Constat'),
                                    ('withdraw', 'Retrait'),
                                    ('undo', 'Annulation'),
                                    ('redo', 'Rétablissement'),
                                ],
                                max_length=8,
                            ),
                        ),
                        ('on', models.DateField()),
                        ('finding', models.JSONField(null=True)),
                        ('target', models.UUIDField(null=True)),
                        ('source', models.CharField(blank=True, max_length=80)),
                        ('signed_as', models.CharField(max_length=120)),
                        ('recorded_at', models.DateTimeField()),
                        (
                            'author',
                            models.ForeignKey(
                                null=True,
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
                                related_name='chart_events',
                                to='care.patient',
                            ),
                        ),
                    ],
                    options={
                        'ordering': ['number'],
                        'indexes': [
                            models.Index(
                                fields=['patient', 'number'], name='chart_event_by_patient'
                            )
                        ],
                        'constraints': [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('finding__isnull', False), ('what', 'find')),
                                    models.Q(
                                        models.Q(('what', 'find'), _negated=True),
                                        ('finding__isnull', True),
                                    ),
                                    _connector='OR',
                                ),
                                name='chart_finds_a_finding',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('what__in', ['undo', 'redo']), _negated=True),
                                    ('target__isnull', False),
                                    _connector='OR',
                                ),
                                name='chart_undoes_a_step',
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(('what', 'withdraw'), _negated=True),
                                    ('target__isnull', False),
                                    models.Q(('source', ''), _negated=True),
                                    _connector='OR',
                                ),
                                name='chart_withdraws_something',
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(move),
        migrations.RunPython(protect),
        migrations.DeleteModel(name='ToothState'),
    ]
