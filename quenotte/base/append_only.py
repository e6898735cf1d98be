"""Tables whose rows are only added: triggers of both engines refuse any change and removal."""

from typing import Any, Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: INSERT OR REPLACE removes the row in its way without firing the trigger of a removal.
_IS_THERE: Final = "WHEN EXISTS (SELECT 1 FROM {} WHERE id = NEW.id)"


def append_only(table: str) -> migrations.RunPython:
    """Return the step of a migration that protects a table. ``table``: one of our own names."""

    def forbid(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _forbidding(editor.connection.vendor, table):
            editor.execute(statement)

    def allow(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _allowing(editor.connection.vendor, table):
            editor.execute(statement)

    return migrations.RunPython(forbid, allow)


def removable(table: str, when: str) -> migrations.RunPython:
    """Return the step of a migration after which rows of a protected table may be removed.

    ``when``: a condition of ours, in the SQL of both engines, on the row as ``OLD``. Nothing ever
    changes a row, and the table as a whole is never emptied.
    """

    def loosen(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _loosening(editor.connection.vendor, table, when):
            editor.execute(statement)

    def tighten(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        for statement in [*_allowing(vendor, table), *_forbidding(vendor, table)]:
            editor.execute(statement)

    return migrations.RunPython(loosen, tighten)


def _loosening(vendor: str, table: str, when: str) -> list[str]:
    raised = f"'{table} is append-only'"
    if vendor == "postgresql":
        # A trigger of the whole table knows no OLD: it is asked for after the kind alone.
        return [
            f"""
            CREATE OR REPLACE FUNCTION {table}_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    IF {when} THEN RETURN OLD; END IF;
                END IF;
                RAISE EXCEPTION {raised} USING ERRCODE = 'integrity_constraint_violation';
            END $$
            """
        ]
    refused = f"BEGIN SELECT RAISE(ABORT, {raised}); END"
    return [
        f"DROP TRIGGER {table}_never_goes",
        f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} WHEN NOT ({when}) {refused}",
    ]


def _forbidding(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        function = f"{table}_is_kept"
        raised = f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{table} is append-only'
            USING ERRCODE = 'integrity_constraint_violation'; END $$
        """
        each = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        return [
            raised,
            f"CREATE TRIGGER {table}_never_changes {each}",
            f"CREATE TRIGGER {table}_never_goes {whole}",
        ]
    refused = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    is_there = _IS_THERE.format(table)
    return [
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table} {refused}",
        f"CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table} {refused}",
        f"CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table} {is_there} {refused}",
    ]


def _allowing(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_never_changes ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_never_goes ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_is_kept()",
        ]
    names = ("never_changes", "never_goes", "is_never_replaced")
    return [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in names]
