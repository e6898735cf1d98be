"""Notes are corrected by another note only: the database refuses to change or remove one."""

from typing import Any

from django.db import migrations

_SQLITE = (
    """
    CREATE TRIGGER care_note_never_changes BEFORE UPDATE ON care_note
    BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END
    """,
    """
    CREATE TRIGGER care_note_never_goes BEFORE DELETE ON care_note
    BEGIN SELECT RAISE(ABORT, 'a note is never removed'); END
    """,
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    """
    CREATE TRIGGER care_note_is_never_replaced BEFORE INSERT ON care_note
    WHEN EXISTS (SELECT 1 FROM care_note WHERE id = NEW.id OR corrects_id = NEW.corrects_id)
    BEGIN SELECT RAISE(ABORT, 'a note is never changed'); END
    """,
)

_POSTGRES = (
    """
    CREATE FUNCTION care_note_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a note is never changed nor removed'
        USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER care_note_never_changes BEFORE UPDATE OR DELETE ON care_note
    FOR EACH ROW EXECUTE FUNCTION care_note_is_kept()
    """,
    """
    CREATE TRIGGER care_note_never_goes BEFORE TRUNCATE ON care_note
    FOR EACH STATEMENT EXECUTE FUNCTION care_note_is_kept()
    """,
)

_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS care_note_never_changes",
    "DROP TRIGGER IF EXISTS care_note_never_goes",
    "DROP TRIGGER IF EXISTS care_note_is_never_replaced",
)
_POSTGRES_BACK = (
    "DROP TRIGGER IF EXISTS care_note_never_changes ON care_note",
    "DROP TRIGGER IF EXISTS care_note_never_goes ON care_note",
    "DROP FUNCTION IF EXISTS care_note_is_kept()",
)


def protect(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this engine."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES if postgres else _SQLITE:
        schema_editor.execute(statement)


def release(apps: Any, schema_editor: Any) -> None:
    """Take the triggers of this engine away."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _POSTGRES_BACK if postgres else _SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]

    operations = [migrations.RunPython(protect, release)]
