"""What the record that stays keeps of two records of one person: decided on values."""

from collections.abc import Mapping
from typing import Any, Final

from quenotte.care.patients import rules

#: What is chosen together, in the order of the page: name of the choice -> fields.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "birth_name": ("birth_name",),
    "birth_first_names": ("birth_first_names", "first_birth_first_name"),
    "born_on": ("born_on", "is_birth_date_fictive"),
    "sex": ("sex",),
    "birth_place_code": ("birth_place_code",),
    "ins": ("ins_matricule", "ins_oid"),
    "used_name": ("used_name",),
    "used_first_name": ("used_first_name",),
    "mobile_phone": ("mobile_phone",),
    "other_phone": ("other_phone",),
    "email": ("email",),
    "address": ("address", "postcode", "town"),
    "do_not_contact": ("do_not_contact",),
    "refuses_mail": ("refuses_mail",),
    "refuses_sms": ("refuses_sms",),
    "mutuelle": ("mutuelle_name", "mutuelle_number", "mutuelle_contract", "mutuelle_ends_on"),
    "referring_doctor": ("referring_doctor", "referring_doctor_rpps"),
    "remarks": ("remarks",),
    "signals": ("is_doubtful", "is_fictitious"),
    "is_homonym": ("is_homonym",),
    "died_on": ("died_on",),
    "photo": ("photo_id",),
}

#: Every field of a record that a union may change, its proof apart.
FIELDS: Final = tuple(name for names in CHOICES.values() for name in names)

#: A yes that somebody wrote on either record holds for the person.
_CAUTIOUS: Final = frozenset(
    {"do_not_contact", "refuses_mail", "refuses_sms", "signals", "is_homonym"}
)
#: What proves who she is, and is taken from the record whose identity is best proved.
_STRICT: Final = frozenset(
    {"birth_name", "birth_first_names", "born_on", "sex", "birth_place_code", "ins"}
)
_RANKS: Final = (rules.PROVISIONAL, rules.VALIDATED, rules.RETRIEVED, rules.QUALIFIED)

Values = Mapping[str, Any]


def differing(own: Values, other: Values) -> list[str]:
    """Return the choices in which the two records say two things."""
    return [
        choice
        for choice, names in CHOICES.items()
        if any(own[name] != other[name] for name in names)
    ]


def takes_other(choice: str, own: Values, other: Values) -> bool:
    """Return what is proposed: what one record alone says, the better proved identity."""
    has_own = any(own[name] for name in CHOICES[choice])
    has_other = any(other[name] for name in CHOICES[choice])
    if choice in _STRICT and _rank(own) != _rank(other) and has_other:
        return _rank(other) > _rank(own)
    if choice in _CAUTIOUS:
        return has_other and not has_own
    return not has_own


def united(own: Values, other: Values, *, taken: frozenset[str]) -> dict[str, Any]:
    """Return the values of the record that stays; ``taken`` are the other one's choices.

    A doubtful or fictitious identity is provisional and carries no INS; nobody is the homonym
    of a fictitious one. Source: RNIV.
    """
    values = {
        name: (other if choice in taken else own)[name]
        for choice, names in CHOICES.items()
        for name in names
    }
    values["identity_status"] = _status(values, own, other)
    if values["is_doubtful"] or values["is_fictitious"]:
        values |= {"ins_matricule": "", "ins_oid": "", "identity_status": rules.PROVISIONAL}
    if values["is_fictitious"]:
        values["is_homonym"] = False
    return values


def have_two_proved_ins(own: Values, other: Values) -> bool:
    """Tell whether two qualified identities carry two INS: they are two people. Source: RNIV."""
    if not (own["ins_matricule"] and other["ins_matricule"]):
        return False
    are_qualified = own["identity_status"] == other["identity_status"] == rules.QUALIFIED
    return are_qualified and _ins(own) != _ins(other)


def _status(values: Values, own: Values, other: Values) -> str:
    """A proof holds for the traits that it proved, all of them: no mixture is proved."""
    proofs = [
        record["identity_status"]
        for record in (own, other)
        if all(values[name] == record[name] for name in rules.STRICT_TRAITS)
    ]
    return max(proofs, key=_RANKS.index, default=rules.PROVISIONAL)


def _rank(record: Values) -> int:
    return _RANKS.index(record["identity_status"])


def _ins(record: Values) -> tuple[str, str]:
    return record["ins_matricule"], record["ins_oid"]
