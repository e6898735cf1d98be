"""Preparing a place for copies, making one, proving that it comes back."""

from quenotte.upkeep.backups.operations.destinations import Prepared, follow, init, known, retire
from quenotte.upkeep.backups.operations.ending import close_interrupted
from quenotte.upkeep.backups.operations.keys import (
    add_key,
    begin_epoch,
    check_key,
    holds_key,
    use_epoch,
)
from quenotte.upkeep.backups.operations.looking import database_of_dump
from quenotte.upkeep.backups.operations.refusals import (
    EmptyPassphrase,
    EpochBegun,
    KeysClosed,
    NothingGoes,
    OtherPassphrase,
    OtherRepository,
)
from quenotte.upkeep.backups.operations.running import prove, run, shown_proof, verify
from quenotte.upkeep.backups.operations.telling import AUDIENCE, EVENT, OBJECT
from quenotte.upkeep.backups.operations.yearly import on_new_year
from quenotte.upkeep.backups.turns import PATIENCE_S, Busy, is_free

__all__ = [
    "AUDIENCE",
    "EVENT",
    "OBJECT",
    "PATIENCE_S",
    "Busy",
    "EmptyPassphrase",
    "EpochBegun",
    "KeysClosed",
    "NothingGoes",
    "OtherPassphrase",
    "OtherRepository",
    "Prepared",
    "add_key",
    "begin_epoch",
    "check_key",
    "close_interrupted",
    "database_of_dump",
    "follow",
    "holds_key",
    "init",
    "is_free",
    "known",
    "on_new_year",
    "prove",
    "retire",
    "run",
    "shown_proof",
    "use_epoch",
    "verify",
]
