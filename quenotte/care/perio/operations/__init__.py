"""Writing periodontal examinations."""

from quenotte.care.perio.operations.exams import (
    NoSuchExaminer,
    NothingMeasured,
    close,
    give_up,
    start,
    take_up_again,
)
from quenotte.care.perio.operations.keying import ExamIsClosed, Kept, fill_margin, key_in
from quenotte.care.perio.operations.statements import NotClosedYet, NothingSaid, sign
from quenotte.care.perio.operations.telling import keep_habit

__all__ = [
    "ExamIsClosed",
    "Kept",
    "NoSuchExaminer",
    "NotClosedYet",
    "NothingMeasured",
    "NothingSaid",
    "close",
    "fill_margin",
    "give_up",
    "keep_habit",
    "key_in",
    "sign",
    "start",
    "take_up_again",
]
