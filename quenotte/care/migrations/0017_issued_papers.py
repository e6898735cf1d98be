"""What was issued stays: the database refuses to change or remove it.

An issued prescription or letter may be cancelled (once) and follow a record that is united; a
version of a document may be taken back. What was set on a prescription's paper is kept with it.
"""

from typing import Any

from django.db import migrations, models

_PRESCRIPTION = (
    "id", "practice_id", "lines", "remarks", "weight_kg", "paper", "reminders", "renews_id",
    "created_at", "created_by_id", "changed_at", "changed_as", "number", "author_id",
    "signed_as", "issued_at", "document_id", "sheet",
)  # fmt: skip
_LETTER = (
    "id", "practice_id", "kind", "title", "body", "needs_dentist", "correspondent_id",
    "created_at", "created_by_id", "changed_as", "issued_at", "author_id", "signed_as",
    "document_id",
)  # fmt: skip
_VERSION = (
    "id", "document_id", "number", "blob_id", "media_type", "file_name", "pages", "words",
    "added_at", "added_by_id", "signed_as",
)  # fmt: skip
_CANCELLED = ("cancelled_at", "cancelled_as", "cancelled_reason")


def _differ(columns: tuple[str, ...], words: str) -> str:
    return " OR ".join(f'NEW."{column}" {words} OLD."{column}"' for column in columns)


def _changed(columns: tuple[str, ...], words: str) -> str:
    """Return when an issued paper is no more what it was; ``words``: how the engine compares."""
    return f"""
        OLD.state IN ('issued', 'cancelled') AND (
            {_differ(columns, words)}
            OR NEW.state NOT IN ('issued', 'cancelled')
            OR (OLD.state = 'cancelled'
                AND (NEW.state <> 'cancelled' OR {_differ(_CANCELLED, words)})))
    """


def _guarded(words: str) -> tuple[tuple[str, str, str], ...]:
    """Return (table, when a change is refused, when a removal is)."""
    issued = "OLD.state IN ('issued', 'cancelled')"
    return (
        ("care_prescription", _changed(_PRESCRIPTION, words), issued),
        ("care_letter", _changed(_LETTER, words), issued),
        ("care_documentversion", _differ(_VERSION, words), "OLD.id IS NOT NULL"),
    )


def _sqlite(table: str, changed: str, removed: str) -> tuple[str, ...]:
    issued = removed.replace("OLD.", "")
    return (
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} WHEN {changed}
        BEGIN SELECT RAISE(ABORT, 'what was issued is never changed'); END
        """,
        f"""
        CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} WHEN {removed}
        BEGIN SELECT RAISE(ABORT, 'what was issued is never removed'); END
        """,
        # INSERT OR REPLACE removes the row in its way without firing the trigger above.
        f"""
        CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id AND {issued})
        BEGIN SELECT RAISE(ABORT, 'what was issued is never replaced'); END
        """,  # noqa: S608 - names of ours alone
    )


_POSTGRES_FUNCTION = """
    CREATE FUNCTION care_issued_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what was issued is never changed nor removed'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _postgres(table: str, changed: str, removed: str) -> tuple[str, ...]:
    return (
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table}
        FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION care_issued_is_kept()
        """,
        f"""
        CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table}
        FOR EACH ROW WHEN ({removed}) EXECUTE FUNCTION care_issued_is_kept()
        """,
        f"""
        CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION care_issued_is_kept()
        """,
    )


_NAMES = ("stays", "never_goes", "is_never_replaced", "never_emptied")


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this engine."""
    is_postgres = schema_editor.connection.vendor == "postgresql"
    if is_postgres:
        schema_editor.execute(_POSTGRES_FUNCTION)
    for row in _guarded("IS DISTINCT FROM" if is_postgres else "IS NOT"):
        for statement in _postgres(*row) if is_postgres else _sqlite(*row):
            schema_editor.execute(statement)


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers of this engine away."""
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for table, _changed_when, _removed_when in _guarded("IS"):
        for name in _NAMES:
            where = f" ON {table}" if is_postgres else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{where}")
    if is_postgres:
        schema_editor.execute("DROP FUNCTION IF EXISTS care_issued_is_kept()")


class Migration(migrations.Migration):
    dependencies = [("care", "0016_prescriptions")]

    operations = [
        migrations.AddField("prescription", "sheet", models.JSONField(null=True)),
        migrations.RunPython(protect, release),
    ]
