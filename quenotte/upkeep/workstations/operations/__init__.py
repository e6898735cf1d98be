"""What is done to the machines: they are let in, heard, looked at; a fault is borne."""

from quenotte.upkeep.workstations.operations.agreeing import agree
from quenotte.upkeep.workstations.operations.bearing import bear, end
from quenotte.upkeep.workstations.operations.judging import forget, judge_due
from quenotte.upkeep.workstations.operations.letting_in import (
    accept,
    enrol,
    is_made,
    make_token,
    restore,
    revoke,
    revoke_token,
)
from quenotte.upkeep.workstations.operations.looking import know_self, look_by
from quenotte.upkeep.workstations.operations.taking import take

__all__ = [
    "accept",
    "agree",
    "bear",
    "end",
    "enrol",
    "forget",
    "is_made",
    "judge_due",
    "know_self",
    "look_by",
    "make_token",
    "restore",
    "revoke",
    "revoke_token",
    "take",
]
