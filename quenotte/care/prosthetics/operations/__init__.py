"""What is done about implants and the work of laboratories."""

from quenotte.care.prosthetics.operations.laboratories import (
    Described,
    add_laboratory,
    change_laboratory,
    save_settings,
)
from quenotte.care.prosthetics.operations.orders import (
    Asked,
    attach_conformity,
    change_order,
    order,
    remake,
    step,
    step_back,
)
from quenotte.care.prosthetics.operations.papers import sheet_of
from quenotte.care.prosthetics.operations.placing import (
    Placed,
    issue_passport,
    place,
    remove,
    void,
)
from quenotte.care.prosthetics.operations.refusals import (
    AlreadyOut,
    AlreadyPlaced,
    AlreadyRemade,
    DeviceExpired,
    DeviceRecalled,
    LaboratoryTaken,
    NoConformity,
    NoReason,
    NotHere,
    NothingForAPassport,
    WrongStep,
    WrongTooth,
)

__all__ = [
    "AlreadyOut",
    "AlreadyPlaced",
    "AlreadyRemade",
    "Asked",
    "Described",
    "DeviceExpired",
    "DeviceRecalled",
    "LaboratoryTaken",
    "NoConformity",
    "NoReason",
    "NotHere",
    "NothingForAPassport",
    "Placed",
    "WrongStep",
    "WrongTooth",
    "add_laboratory",
    "attach_conformity",
    "change_laboratory",
    "change_order",
    "issue_passport",
    "order",
    "place",
    "remake",
    "remove",
    "save_settings",
    "sheet_of",
    "step",
    "step_back",
    "void",
]
