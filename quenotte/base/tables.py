"""Tables that a migration makes together.

Django draws every related model anew after each step of a migration, and nearly all of ours lead
to the patient or the practice: a hundred tables made one by one cost half a minute of a processor,
at the first start of a practice and in each run of the tests. Made together they are drawn once.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create several tables; their models may refer to one another in any order.

    ``makemigrations`` writes one ``CreateModel`` a table: putting them in here is all there is to
    do. Source: decision 31.
    """

    category = OperationCategory.ADDITION

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Return how a file of migrations writes this."""
        return (self.__class__.__name__, [], {"models": self.models})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Tell the state of the models, and let it draw them when somebody asks."""
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the tables; foreign keys wait for the last one where the engine asks for it."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables, the last one first."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Return what ``migrate --plan`` tells."""
        return f"Create models {', '.join(model.name for model in self.models)}"
