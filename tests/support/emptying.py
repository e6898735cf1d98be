"""What tests leave behind is emptied, the tables too that triggers protect."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from quenotte.base.audit.models import Head
from quenotte.base.audit.rules import head_seal_of

#: Tables that triggers protect, even against the emptying between two tests.
_SEALED_TABLES = (
    "base_line",
    "base_head",
    "care_consent",
    "care_note",
    "care_chartevent",
    "care_documentversion",
    "care_letter",
    "care_perioexam",
    "care_periosite",
    "care_periostatement",
    "care_periotooth",
    "care_prescription",
    "care_stockmovement",
    "provider_departure",
    "provider_dossier",
    "provider_look",
    "provider_signature",
    "provider_signedsheet",
    "upkeep_opening",
)


@contextmanager
def triggers_lifted() -> Iterator[None]:
    """Let the tables be emptied, then protect them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sealed = [table for table in _SEALED_TABLES if table in _tables()]
            for table in sealed:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in sealed:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


@functools.cache
def _tables() -> tuple[str, ...]:
    """Return the tables that tests fill; what the migrations filled stays."""
    kept = {model._meta.db_table for model in (ContentType, Permission)}
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(names) - kept))


def _filled_tables() -> list[str]:
    questions = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in _tables())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        return [name for (name,) in cursor.fetchall()]


def empty_sealed_tables_too(_self: TransactionTestCase) -> None:
    """Delete the few rows there are: to flush every table costs ten times as much."""
    with triggers_lifted(), transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys are looked at when this is committed, so the order is free.
        for name in _filled_tables():
            cursor.execute(f'DELETE FROM "{name}"')
    Head.objects.get_or_create(
        id=1, defaults={"seal": head_seal_of(django_settings.AUDIT_KEY, 0, "")}
    )


def begin() -> None:
    """Put this in the place of Django's own step between two tests; no public name of it can be."""
    django: Any = TransactionTestCase
    django._fixture_teardown = empty_sealed_tables_too
