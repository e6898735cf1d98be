"""Who may do what: the one permission table of the product; which failures are an attack."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quenotte.base.keyboard.rules import GLASS


class Role(StrEnum):
    """What a person is in the practice, or at the provider's. Values are stored."""

    DENTIST = "praticien"
    ASSISTANT = "assistante"
    SECRETARY = "secretaire"
    MANAGER = "gestionnaire"
    ACCOUNTANT = "comptable"
    #: Looks after the machines of many practices, on the provider's site alone.
    TECHNICIAN = "technicien"


#: Whom an account of each site may be for.
PRACTICE_ROLES: Final = tuple(role for role in Role if role is not Role.TECHNICIAN)
PROVIDER_ROLES: Final = (Role.TECHNICIAN, Role.MANAGER)

_CARE: Final = frozenset({Role.DENTIST, Role.ASSISTANT})
_DESK: Final = _CARE | {Role.SECRETARY}
_TEAM: Final = _DESK | {Role.MANAGER}
_ALL: Final = frozenset(Role)
_STAFF: Final = frozenset(PRACTICE_ROLES)
_MANAGERS: Final = frozenset({Role.MANAGER})
#: At the provider's; on a practice's site there is no such page.
_FLEET: Final = frozenset({Role.TECHNICIAN, Role.MANAGER})
#: What an emergency grant opens of one record: reading, never writing.
_GLASS: Final = frozenset({GLASS})

#: THE permission table: each view names one action of it (a test compares them).
PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "home.read": _ALL,
    "account.own": _ALL,
    "live.read": _ALL,
    "patients.search": _TEAM,
    "patients.read": _TEAM | _GLASS,
    "patients.break_glass": frozenset({Role.ASSISTANT, Role.SECRETARY}),
    "patients.write": _DESK,
    "patients.medical": _CARE,
    "patients.merge": frozenset({Role.DENTIST, Role.SECRETARY, Role.MANAGER}),
    "patients.export": _MANAGERS,
    "takeover.manage": _MANAGERS,
    "chart.read": _CARE | _GLASS,
    "chart.write": _CARE,
    # The sessions of a plan, without its acts and amounts: what has to be booked.
    "plans.see": _DESK | _GLASS,
    "plans.read": _CARE | _GLASS,
    "plans.write": _CARE,
    "plans.book": _DESK,
    "visits.read": _CARE | _GLASS,
    "visits.write": _CARE,
    # A note of a visit binds who signs it, as a correction of its acts does: a practitioner.
    "visits.sign": frozenset({Role.DENTIST}),
    "visits.manage": _MANAGERS | {Role.DENTIST},
    "agenda.read": _TEAM,
    "agenda.write": _DESK,
    "agenda.anyway": frozenset({Role.DENTIST, Role.SECRETARY, Role.MANAGER}),
    "agenda.manage": _MANAGERS | {Role.DENTIST},
    "recalls.use": _DESK,
    "recalls.manage": _MANAGERS | {Role.DENTIST},
    "reminders.read": _TEAM,
    "reminders.write": _DESK,
    "reminders.manage": _MANAGERS,
    "feeds.manage": _MANAGERS | {Role.DENTIST},
    "catalogue.read": _TEAM,
    "consents.read": _CARE | _GLASS,
    "consents.write": _CARE,
    "consents.sign": frozenset({Role.DENTIST}),
    "consents.manage": _MANAGERS | {Role.DENTIST},
    "history.read": _CARE | _GLASS,
    "history.fill": _DESK,
    "history.review": frozenset({Role.DENTIST}),
    "catalogue.manage": _MANAGERS | {Role.DENTIST},
    "imaging.read": _CARE | _GLASS,
    "imaging.write": _CARE,
    "imaging.tray": _DESK,
    "documents.read": _DESK | _GLASS,
    "documents.write": _DESK,
    "prescriptions.read": _DESK | _GLASS,
    "prescriptions.write": _CARE,
    "prescriptions.issue": frozenset({Role.DENTIST}),
    "prescriptions.manage": frozenset({Role.DENTIST}),
    "letters.write": _DESK,
    "trace.read": _DESK | _GLASS,
    "trace.write": _CARE,
    "stock.read": _TEAM,
    "stock.write": _CARE | _MANAGERS,
    "sterilisation.read": _TEAM,
    "sterilisation.write": _CARE,
    "sterilisation.manage": _CARE | _MANAGERS,
    "laboratory.read": _TEAM,
    "laboratory.write": _CARE,
    "laboratory.manage": _CARE | _MANAGERS,
    "calls.use": _TEAM,
    "calls.manage": _MANAGERS,
    "tasks.use": _STAFF,
    "callbacks.use": _DESK,
    "board.use": _TEAM,
    "devices.manage": _MANAGERS | {Role.DENTIST},
    "practice.manage": _MANAGERS,
    "people.manage": _MANAGERS,
    "audit.read": _MANAGERS,
    "backups.read": _MANAGERS | {Role.DENTIST},
    # Records as a copy holds them, and rows brought back: what binds a practitioner.
    "guard.close": _MANAGERS | {Role.DENTIST},
    "backups.compare": frozenset({Role.DENTIST}),
    "backups.manage": _MANAGERS,
    # The key to every record: printed and typed back.
    "kit.manage": _MANAGERS,
    "workstations.read": _MANAGERS | {Role.DENTIST},
    "workstations.manage": _MANAGERS,
    "pulse.read": _MANAGERS | {Role.DENTIST},
    "pulse.manage": _MANAGERS,
    "jobs.read": _MANAGERS,
    "fleet.sign": _FLEET,
    "fleet.signers": _MANAGERS,
    "fleet.read": _FLEET,
    "fleet.work": _FLEET,
    "fleet.manage": _MANAGERS,
    # Questionnaires are signed, dossiers made.
    "fleet.prove": _FLEET,
}


def may(roles: frozenset[str], action: str) -> bool:
    """Tell whether a person holding ``roles`` may do ``action``.

    Raises: KeyError when the action is not in the table: an action nobody declared is a
    mistake of ours and must never pass silently.
    """
    return bool(PERMISSIONS[action] & roles)


#: Everybody's password in the demo practice; its login page says so.
DEMO_PASSWORD: Final = "quenotte-demo"  # noqa: S105


#: Failures within a lockout's time that no forgetful person makes: of one name from all
#: addresses, and of one address under all names (a whole practice may share one).
NAME_FAILURES: Final = 20
ADDRESS_FAILURES: Final = 40


@dataclass(frozen=True)
class Failures:
    """How often logins failed lately, whoever tried."""

    of_name: int
    of_address: int


def is_attack(failures: Failures) -> bool:
    """Tell whether somebody goes through addresses for one name, or names from one address."""
    return failures.of_name >= NAME_FAILURES or failures.of_address >= ADDRESS_FAILURES
