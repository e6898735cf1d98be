"""The values of a row of the past beside today's, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Field, ForeignKey
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.pasts import Row
from quenotte.base.sealing import SealedTextField
from quenotte.kernel.dates import day_and_clock
from quenotte.upkeep.restores.rows import Model

#: What says itself when it was written, or counts writings: no difference that people made.
NOT_COMPARED: Final = frozenset({"version", "updated_at"})
#: The longest text that is shown of one field, in characters.
_LONGEST: Final = 400


@dataclass(frozen=True)
class Value:
    """A field that differs, as it is shown."""

    label: str
    before: str
    now: str


def values_of(
    model: Model, named: Mapping[str, object], old: Row | None, new: Row | None, alias: str
) -> Iterator[Value]:
    """Yield the fields that differ and that people know; one line when none of them is known."""
    differing = [one for one in _compared(model) if _differs(one.attname, old, new)]
    known = [one for one in differing if one.name in named or _has_a_name(one)]
    for one in known:
        label = str(named.get(one.name) or one.verbose_name)
        yield Value(label, _shown(one, old, alias), _shown(one, new, "default"))
    if differing and not known:
        # Names of columns and ids say nothing to anybody; that something differs does.
        yield Value(_("Détail interne"), _there(old), _there(new))


def _there(row: Row | None) -> str:
    return "" if row is None else _("présent")


def _compared(model: Model) -> Iterator[Any]:
    for one in model._meta.concrete_fields:
        if one.attname not in NOT_COMPARED and not isinstance(one, SealedTextField):
            yield one


def _differs(name: str, old: Row | None, new: Row | None) -> bool:
    """Tell whether a column differs; one that the database of then did not have does not."""
    if old is not None and new is not None and name not in old:
        return False
    return (old or {}).get(name) != (new or {}).get(name)


def _has_a_name(one: Any) -> bool:
    """Tell whether the model names a field for people, not for programs alone."""
    return str(one.verbose_name) != one.name.replace("_", " ")


def _shown(one: "Field[Any, Any]", row: Row | None, alias: str) -> str:
    value = (row or {}).get(one.attname)
    if value is None:
        return ""
    if isinstance(value, UUID) and not isinstance(one, ForeignKey):
        return _("un autre enregistrement")
    if isinstance(one, ForeignKey):
        return str(one.related_model._base_manager.using(alias).filter(pk=value).first() or "—")
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    return _plain(value)[:_LONGEST]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(_plain(one) for one in value.values())
    if hasattr(value, "hour"):
        return day_and_clock(timezone.localtime(value))
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value)
