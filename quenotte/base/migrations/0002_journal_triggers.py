"""The journal refuses change and removal, whoever asks: the triggers of both engines."""

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from quenotte.base.audit.rules import head_seal_of

_SQLITE = [
    f"""
    CREATE TRIGGER journal_refuses_{verb.lower()} BEFORE {verb} ON base_line
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE removes the row in its way without firing the triggers of a removal.
    """
    CREATE TRIGGER journal_refuses_replacement BEFORE INSERT ON base_line
    WHEN EXISTS (SELECT 1 FROM base_line WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    """
    CREATE TRIGGER journal_head_refuses_replacement BEFORE INSERT ON base_head
    WHEN EXISTS (SELECT 1 FROM base_head WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the head of the journal is not replaced'); END
    """,
    """
    CREATE TRIGGER journal_head_moves_forward BEFORE UPDATE ON base_head
    WHEN NEW.number <> OLD.number + 1
    BEGIN SELECT RAISE(ABORT, 'the head of the journal moves by one'); END
    """,
    """
    CREATE TRIGGER journal_head_stays BEFORE DELETE ON base_head
    BEGIN SELECT RAISE(ABORT, 'the head of the journal stays'); END
    """,
]

_SQLITE_UNDO = [
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "journal_refuses_update",
        "journal_refuses_delete",
        "journal_refuses_replacement",
        "journal_head_refuses_replacement",
        "journal_head_moves_forward",
        "journal_head_stays",
    )
]

_POSTGRESQL = [
    """
    CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER journal_refuses_change BEFORE UPDATE OR DELETE ON base_line
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()
    """,
    """
    CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON base_line
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
    """,
    """
    CREATE TRIGGER journal_head_moves_forward BEFORE UPDATE ON base_head
    FOR EACH ROW WHEN (NEW.number <> OLD.number + 1)
    EXECUTE FUNCTION journal_is_append_only()
    """,
    """
    CREATE TRIGGER journal_head_stays BEFORE DELETE ON base_head
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()
    """,
    """
    CREATE TRIGGER journal_head_refuses_truncate BEFORE TRUNCATE ON base_head
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()
    """,
]

_POSTGRESQL_UNDO = [
    "DROP TRIGGER IF EXISTS journal_refuses_change ON base_line",
    "DROP TRIGGER IF EXISTS journal_refuses_truncate ON base_line",
    "DROP TRIGGER IF EXISTS journal_head_moves_forward ON base_head",
    "DROP TRIGGER IF EXISTS journal_head_stays ON base_head",
    "DROP TRIGGER IF EXISTS journal_head_refuses_truncate ON base_head",
    "DROP FUNCTION IF EXISTS journal_is_append_only()",
]

FORBID = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
ALLOW = {"sqlite": _SQLITE_UNDO, "postgresql": _POSTGRESQL_UNDO}


def forbid(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers, and the one row that writers lock."""
    seal = head_seal_of(settings.AUDIT_KEY, 0, "")
    apps.get_model("base", "Head").objects.get_or_create(id=1, defaults={"seal": seal})
    for statement in FORBID[editor.connection.vendor]:
        editor.execute(statement)


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for statement in ALLOW[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
