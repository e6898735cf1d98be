"""The practice's templates of notes and its anaesthetics."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import queries, rules
from quenotte.office.visits.models import AnaestheticProduct, NoteTemplate

TEMPLATE_FIELDS: Final = frozenset({"name", "text", "is_active"})
PRODUCT_FIELDS: Final = frozenset(
    {
        "name", "mg_per_ml", "cartridge_ul", "vasoconstrictor", "most_ug_per_kg",
        "child_ug_per_kg", "most_mg", "from_years", "from_kg", "source", "is_active",
    }
)  # fmt: skip


class NoSuchTemplate(Refusal):
    """The template, or the product, is not one of this practice."""

    message = _("Cet élément n’existe plus dans votre cabinet. Rien n’a été enregistré.")


class TemplateNameTaken(Refusal):
    """Two templates of one name would be mistaken for each other."""

    message = _("Un modèle porte déjà ce nom. Rien n’a été enregistré : choisissez-en un autre.")


class SettingChanged(Refusal):
    """Somebody else saved while the form was open."""

    message = _(
        "Cette page a changé entre-temps. Rien n’a été écrasé : relisez-la, puis recommencez."
    )


class AnaestheticNameTaken(Refusal):
    """Two products of one name would be counted as one."""

    message = _(
        "Un anesthésique porte déjà ce nom. Rien n’a été enregistré : choisissez-en un autre, "
        "chaque dose est notée sous le nom de son produit."
    )


def code_of_new(key: str) -> str:
    """Return the code of a product that the practice describes; ``key``, drawn when the form was
    shown, makes a second sending the same product.
    """
    return f"autre-{key}"[:40]


@transaction.atomic
def save_template(
    *, actor: Actor, values: Mapping[str, Any], template_id: UUID | None = None, seen: int = 0
) -> NoteTemplate:
    """Add a template, last in order, or change one; signed notes keep their words.

    ``seen`` is the version that the form was filled from, 0 for a new one.

    Raises: NoSuchTemplate, SettingChanged, TemplateNameTaken; ValueError for a field
    not in ``TEMPLATE_FIELDS``.
    """
    if unknown := values.keys() - TEMPLATE_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    own = NoteTemplate.objects.filter(practice_id=actor.own_practice_id)
    found = NoteTemplate(practice_id=actor.own_practice_id, position=own.count(), version=0)
    if template_id is not None:
        known = own.select_for_update().filter(id=template_id).first()
        if known is None:
            raise NoSuchTemplate
        if known.version != seen:
            raise SettingChanged
        found = known
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
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
def save_anaesthetic(
    *, actor: Actor, code: str, values: Mapping[str, Any], seen: int = 0
) -> AnaestheticProduct:
    """Describe an anaesthetic as this practice uses it, in place of the usual figures.

    ``seen`` is the version that the form was filled from, 0 while the practice has none.

    Raises: SettingChanged; AnaestheticNameTaken; ValueError for a field not in
    ``PRODUCT_FIELDS``.
    """
    if unknown := values.keys() - PRODUCT_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))
    own = AnaestheticProduct.objects.select_for_update()
    found = own.filter(practice_id=actor.own_practice_id, code=code).first()
    found = found or AnaestheticProduct(practice_id=actor.own_practice_id, code=code, version=0)
    if found.version != seen:
        raise SettingChanged
    for name, value in values.items():
        setattr(found, name, value)
    if _is_named(actor, found):
        raise AnaestheticNameTaken
    found.version += 1
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise SettingChanged from error
    _traced(actor, "anaesthetic", str(found.id), is_new=seen == 0)
    return found


def _is_named(actor: Actor, product: AnaestheticProduct) -> bool:
    """Tell whether another product of the practice has the same name."""
    others = queries.anaesthetics(actor.own_practice_id, with_retired=True)
    named = {one.name.casefold() for one in others if one.code != product.code}
    return product.name.strip().casefold() in named


def _traced(actor: Actor, kind: str, object_id: str, *, is_new: bool) -> None:
    audit.record(
        action=Action.CREATE if is_new else Action.CHANGE,
        actor=actor,
        object_kind=kind,
        object_id=object_id,
    )
