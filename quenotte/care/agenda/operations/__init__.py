"""What changes in the agenda: each one transaction, one line of the journal, one live event."""

from quenotte.care.agenda.operations.booking import (
    Booking,
    NewPatient,
    PatientDied,
    UnknownPatient,
    book,
)
from quenotte.care.agenda.operations.changing import change_details, move, resize
from quenotte.care.agenda.operations.imports import (
    Visit,
    goes_along,
    import_visits,
    remove_visits,
    touched_visits,
)
from quenotte.care.agenda.operations.leave import (
    BadLeave,
    NoSuchLeave,
    add_leave,
    remove_leave,
)
from quenotte.care.agenda.operations.obstacles import (
    BadShape,
    Closed,
    NoSuchColumn,
    Obstacle,
    SlotTaken,
)
from quenotte.care.agenda.operations.opening import BadHours, save_hours, save_settings
from quenotte.care.agenda.operations.pins import AlreadyPinned, pin, unpin
from quenotte.care.agenda.operations.refusals import (
    note_refused_booking,
    note_refused_change,
    note_refused_waiting,
    reason_of,
)
from quenotte.care.agenda.operations.returning import refuse_taken_place
from quenotte.care.agenda.operations.short_notice import (
    NoLongerWaiting,
    Wish,
    add_short_notice,
    book_from_short_notice,
    withdraw_short_notice,
)
from quenotte.care.agenda.operations.statuses import (
    IllegalStep,
    NothingToUndo,
    TooSoon,
    cancel,
    set_status,
    undo_status,
)
from quenotte.care.agenda.operations.taking_back import take_back
from quenotte.care.agenda.operations.types import (
    NoSuchType,
    TypeNameTaken,
    move_type,
    save_type,
)
from quenotte.care.agenda.operations.writing import (
    ChangedMeanwhile,
    NoLongerThere,
    NoSuchAppointment,
)

__all__ = [
    "AlreadyPinned",
    "BadHours",
    "BadLeave",
    "BadShape",
    "Booking",
    "ChangedMeanwhile",
    "Closed",
    "IllegalStep",
    "NewPatient",
    "NoLongerThere",
    "NoLongerWaiting",
    "NoSuchAppointment",
    "NoSuchColumn",
    "NoSuchLeave",
    "NoSuchType",
    "NothingToUndo",
    "Obstacle",
    "PatientDied",
    "SlotTaken",
    "TooSoon",
    "TypeNameTaken",
    "UnknownPatient",
    "Visit",
    "Wish",
    "add_leave",
    "add_short_notice",
    "book",
    "book_from_short_notice",
    "cancel",
    "change_details",
    "goes_along",
    "import_visits",
    "move",
    "move_type",
    "note_refused_booking",
    "note_refused_change",
    "note_refused_waiting",
    "pin",
    "reason_of",
    "refuse_taken_place",
    "remove_leave",
    "remove_visits",
    "resize",
    "save_hours",
    "save_settings",
    "save_type",
    "set_status",
    "take_back",
    "touched_visits",
    "undo_status",
    "unpin",
    "withdraw_short_notice",
]
