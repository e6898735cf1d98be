"""What happens to a file of another program, from its upload to its undoing."""

from quenotte.care.takeover.operations.checking import (
    ColumnsMissing,
    PractitionerMissing,
    start_check,
)
from quenotte.care.takeover.operations.deciding import decide
from quenotte.care.takeover.operations.forgetting import forget_lines
from quenotte.care.takeover.operations.leaving import export_list, note_refused_lines
from quenotte.care.takeover.operations.steps import NoSuchImport, NotNow
from quenotte.care.takeover.operations.undoing import start_undo
from quenotte.care.takeover.operations.uploading import give_up, read_otherwise, receive
from quenotte.care.takeover.operations.writing import (
    NothingReady,
    RecordsMoved,
    Undecided,
    start_writing,
)

__all__ = [
    "ColumnsMissing",
    "NoSuchImport",
    "NotNow",
    "NothingReady",
    "PractitionerMissing",
    "RecordsMoved",
    "Undecided",
    "decide",
    "export_list",
    "forget_lines",
    "give_up",
    "note_refused_lines",
    "read_otherwise",
    "receive",
    "start_check",
    "start_undo",
    "start_writing",
]
