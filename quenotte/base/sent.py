"""A form that is sent twice makes one thing: the id of the row is drawn from the form's key.

The key is drawn when the form is shown (``{% sent_key %}``). A retry after a cut network, a second
click, a page sent again: the same key and the same words are the same row. Other words under that
key are another thing: nothing that somebody typed is taken for what was sent before.
"""

from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Model

_Row = TypeVar("_Row", bound=Model)


def row_id(key: UUID | None, *said: object) -> UUID:
    """Return the id of what a form makes: always the same for its key and what it says.

    Without a key, as for what no form made, it is a new one.
    """
    return uuid5(key, repr(said)) if key else uuid4()


def sent_before(model: type[_Row], made_id: UUID, **belongs: Any) -> _Row | None:
    """Return the row that a first sending made; ``belongs`` is whose it must be."""
    return model._default_manager.filter(pk=made_id, **belongs).first()


def keep_once(row: _Row, **belongs: Any) -> tuple[_Row, bool]:
    """Save a new row; of two sendings at once both return the row of the first.

    Return the row, and whether this call made it.

    Raises: IntegrityError when the row breaks another rule.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = sent_before(type(row), row.pk, **belongs)
        if first is None:
            raise
        return first, False
    return row, True
