"""What a form says of an INS: how its number is wrong, of which kind it is, what it contradicts."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.kernel import identifiers

#: Authorities that give an INS, by their OID. Source: ANS.
INS_OIDS: Final = (
    ("", "—"),
    ("1.2.250.1.213.1.4.8", gettext_lazy("NIR")),
    ("1.2.250.1.213.1.4.9", gettext_lazy("NIA")),
    ("1.2.250.1.213.1.4.10", gettext_lazy("NIR de test")),
    ("1.2.250.1.213.1.4.11", gettext_lazy("NIR de démonstration")),
)

#: Fields that say together whether a matricule may be that of the person.
TRAITS: Final = frozenset({"ins_matricule", "sex", "born_on", "birth_place_code"})

_WORDS: Final = {
    "sex": gettext_lazy("le sexe"),
    "year": gettext_lazy("l’année de naissance"),
    "month": gettext_lazy("le mois de naissance"),
    "place": gettext_lazy("le lieu de naissance"),
}


def wrong_kind(matricule: str | None, oid: str | None) -> str:
    """Return in words that a matricule is not of the kind that its OID says, or nothing."""
    if not matricule or not oid or identifiers.is_valid_ins(matricule, oid):
        return ""
    kind = str(dict(INS_OIDS).get(oid, oid))
    return _(
        "Un matricule qui commence par %(first)s n’est pas un %(kind)s : vérifiez les deux."
    ) % {
        "first": matricule[:1],
        "kind": kind,
    }


def contradictions(typed: Mapping[str, Any]) -> list[str]:
    """Return what in the matricule contradicts the traits typed beside it.

    None of it is refused: a NIR given long ago, or before a civil status was put right, may
    disagree for good reasons. What is still missing or mistyped contradicts nothing.
    """
    matricule, sex, born_on = (typed.get(name) for name in ("ins_matricule", "sex", "born_on"))
    if not (matricule and sex and born_on):
        return []
    place = typed.get("birth_place_code") or ""
    return identifiers.nir_matches(matricule, sex=sex, born_on=born_on, birth_place_code=place)


def contradiction_words(found: list[str]) -> str:
    """Return the question that contradictions ask."""
    return _(
        "Ce matricule ne s’accorde pas avec %(traits)s. Vérifiez-le, et la fiche ; s’il est "
        "exact, cochez « J’ai vérifié », puis enregistrez."
    ) % {"traits": ", ".join(str(_WORDS[one]) for one in found)}
