"""The tables of the desk."""

from quenotte.care.desk.models.board import BoardNote, BoardReading
from quenotte.care.desk.models.calls import Bell, Call, CallAnswer, CallKind
from quenotte.care.desk.models.tasks import Callback, Task, TaskComment

__all__ = [
    "Bell",
    "BoardNote",
    "BoardReading",
    "Call",
    "CallAnswer",
    "CallKind",
    "Callback",
    "Task",
    "TaskComment",
]
