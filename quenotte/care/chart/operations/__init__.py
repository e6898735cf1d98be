"""Writing about the mouth: findings and notes are added, never changed."""

from quenotte.care.chart.operations.again import chart_again
from quenotte.care.chart.operations.charting import (
    ChartedMeanwhile,
    MadeElsewhere,
    NothingToRedo,
    NothingToUndo,
    NothingToWithdraw,
    chart,
    redo,
    undo,
    withdraw,
)
from quenotte.care.chart.operations.confirming import ToConfirm, ToConfirmRedo, told_of_step
from quenotte.care.chart.operations.notes import AlreadyCorrected, EmptyNote, write_note

__all__ = [
    "AlreadyCorrected",
    "ChartedMeanwhile",
    "EmptyNote",
    "MadeElsewhere",
    "NothingToRedo",
    "NothingToUndo",
    "NothingToWithdraw",
    "ToConfirm",
    "ToConfirmRedo",
    "chart",
    "chart_again",
    "redo",
    "told_of_step",
    "undo",
    "withdraw",
    "write_note",
]
