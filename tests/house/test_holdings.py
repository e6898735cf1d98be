"""Every table that points at a patient says whether its rows follow her."""

from django.apps import apps
from django.db.models import Field

from quenotte.base import pasts
from quenotte.care.patients import holdings
from quenotte.care.patients.models import Patient


def _pointing() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.related_model is Patient
    }


def test_every_foreign_key_to_a_patient_is_answered_for() -> None:
    """In ``care.apps``: ``register("care.Thing")`` when it follows her, ``stays(…)`` when not."""
    assert _pointing() == holdings.known()


def test_everything_that_belongs_to_a_patient_is_compared_with_a_copy_or_said_not_to_be() -> None:
    """« Comme avant »: a rule in ``care.desk.followed`` or its like, or an exception with words."""
    door = pasts.door("patient")
    assert door is not None
    compared = {rule.model for rule in pasts.rules_of(door)}
    left = set(pasts.left_of(door))
    assert {one.model for one in holdings.registered()} <= compared | left
    assert not compared & left
