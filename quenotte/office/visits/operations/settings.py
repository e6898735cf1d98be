"""The practice's templates of notes and its anaesthetics."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import rules
from quenotte.office.visits.models import AnaestheticProduct, NoteTemplate

TEMPLATE_FIELDS: Final = frozenset({"name", "text", "is_active"})
PRODUCT_FIELDS: Final = frozenset(
    {
        "name", "mg_per_ml", "cartridge_ul", "vasoconstrictor", "most_ug_per_kg",
        "child_ug_per_kg", "most_mg", "source", "is_active",
    }
)  # fmt: skip


class NoSuchTemplate(Refusal):
    """The template, or the product, is not one of this practice."""

    message = _("Cet élément n’existe plus dans votre cabinet. Rien n’a été enregistré.")


class TemplateNameTaken(Refusal):
    """Two templates of one name would be mistaken for each other."""

    message = _("Un modèle porte déjà ce nom. Rien n’a été enregistré : choisissez-en un autre.")


@transaction.atomic
def save_template(
    *, actor: Actor, values: Mapping[str, Any], template_id: UUID | None = None
) -> NoteTemplate:
    """Add a template, last in order, or change one; signed notes keep their words.

    Raises: NoSuchTemplate, TemplateNameTaken; ValueError for a field not in ``TEMPLATE_FIELDS``.
    """
    if unknown := values.keys() - TEMPLATE_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    own = NoteTemplate.objects.filter(practice_id=actor.own_practice_id)
    found = NoteTemplate(practice_id=actor.own_practice_id, position=own.count())
    if template_id is not None:
        known = own.select_for_update().filter(id=template_id).first()
        if known is None:
            raise NoSuchTemplate
        found = known
    for name, value in values.items():
        setattr(found, name, value)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise TemplateNameTaken from error
    _traced(actor, "note_template", str(found.id), is_new=template_id is None)
    return found


@transaction.atomic
def add_usual_templates(*, actor: Actor) -> int:
    """Add the usual templates whose name is not taken; return how many."""
    known = set(
        NoteTemplate.objects.filter(practice_id=actor.own_practice_id).values_list(
            "name", flat=True
        )
    )
    missing = [(name, text) for name, text in rules.USUAL_TEMPLATES if name not in known]
    NoteTemplate.objects.bulk_create(
        NoteTemplate(
            practice_id=actor.own_practice_id, name=name, text=text, position=len(known) + place
        )
        for place, (name, text) in enumerate(missing)
    )
    _traced(actor, "note_template", "", is_new=True)
    return len(missing)


@transaction.atomic
def save_anaesthetic(*, actor: Actor, code: str, values: Mapping[str, Any]) -> AnaestheticProduct:
    """Describe an anaesthetic as this practice uses it, in place of the usual figures.

    Raises: ValueError for a field not in ``PRODUCT_FIELDS``.
    """
    if unknown := values.keys() - PRODUCT_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    found, is_new = AnaestheticProduct.objects.update_or_create(
        practice_id=actor.own_practice_id, code=code, defaults=dict(values)
    )
    _traced(actor, "anaesthetic", str(found.id), is_new=is_new)
    return found


def _traced(actor: Actor, kind: str, object_id: str, *, is_new: bool) -> None:
    audit.record(
        action=Action.CREATE if is_new else Action.CHANGE,
        actor=actor,
        object_kind=kind,
        object_id=object_id,
    )
