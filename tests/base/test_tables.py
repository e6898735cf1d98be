"""Tables made together: models that refer to one another, there and back."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from quenotte.base.tables import CreateModels

TOGETHER = CreateModels(
    [
        migrations.CreateModel(
            "Cart",
            [
                ("id", models.AutoField(primary_key=True)),
                ("drawer", models.ForeignKey("base.Drawer", models.CASCADE, null=True)),
            ],
        ),
        migrations.CreateModel(
            "Drawer",
            [
                ("id", models.AutoField(primary_key=True)),
                ("cart", models.ForeignKey("base.Cart", models.CASCADE, related_name="drawers")),
                ("place", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["cart", "place"], name="drawer_place_is_unique")
                ]
            },
        ),
    ]
)


def tables() -> set[str]:
    return {"base_cart", "base_drawer"} & set(connection.introspection.table_names())


@pytest.mark.django_db(transaction=True)
def test_tables_that_need_one_another_are_made_and_dropped():
    before, after = ProjectState(), ProjectState()
    TOGETHER.state_forwards("base", after)
    with connection.schema_editor(atomic=True) as editor:
        TOGETHER.database_forwards("base", editor, before, after)
    try:
        assert tables() == {"base_cart", "base_drawer"}
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "base_drawer")
        assert "drawer_place_is_unique" in found
    finally:
        with connection.schema_editor(atomic=True) as editor:
            TOGETHER.database_backwards("base", editor, after, before)
    assert tables() == set()


def test_models_are_drawn_once_and_only_when_asked_for():
    state = ProjectState()
    assert state.apps is not None
    TOGETHER.state_forwards("base", state)
    assert "apps" not in state.__dict__
    assert state.apps.get_model("base", "Cart")._meta.get_field("drawers").many_to_one is False


def test_it_is_told_and_written_down():
    assert TOGETHER.describe() == "Create models Cart, Drawer"
    lines, imports = OperationWriter(TOGETHER, indentation=0).serialize()
    assert "quenotte.base.tables.CreateModels(" in lines
    assert "import quenotte.base.tables" in imports
