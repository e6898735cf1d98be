"""What changes in the catalogue: each one transaction, one line of the journal."""

from quenotte.office.catalogue.operations.arranging import (
    MacroNameTaken,
    NotHere,
    ShippedRule,
    move_macro,
    remove_check,
    remove_macro,
    save_check,
    save_macro,
    save_rate,
)
from quenotte.office.catalogue.operations.choosing import (
    BadAmount,
    NoSuchAct,
    describe,
    mark,
    set_fee,
    set_worth,
)
from quenotte.office.catalogue.operations.importing import (
    NoSuchImport,
    NotNow,
    give_up,
    import_file,
    receive,
    start_applying,
)
from quenotte.office.catalogue.operations.loading import load, load_everywhere
from quenotte.office.catalogue.operations.merging import OlderFile

__all__ = [
    "BadAmount",
    "MacroNameTaken",
    "NoSuchAct",
    "NoSuchImport",
    "NotHere",
    "NotNow",
    "OlderFile",
    "ShippedRule",
    "describe",
    "give_up",
    "import_file",
    "load",
    "load_everywhere",
    "mark",
    "move_macro",
    "receive",
    "remove_check",
    "remove_macro",
    "save_check",
    "save_macro",
    "save_rate",
    "set_fee",
    "set_worth",
    "start_applying",
]
