"""What is done to the fleet: reports are taken in, rules look, silences are heard."""

from quenotte.kernel.posture.contacts import Answer, Contact, Facts
from quenotte.provider.fleet.operations.attending import attend
from quenotte.provider.fleet.operations.believing import ClockDoubted, believe_clock
from quenotte.provider.fleet.operations.forgetting import keep_months, make_coming_months
from quenotte.provider.fleet.operations.judging import AGENT_SILENCE, Told, judge, judge_due
from quenotte.provider.fleet.operations.leaving import forget_practice
from quenotte.provider.fleet.operations.listening import hear_copies, heed_changes, sweep
from quenotte.provider.fleet.operations.papers import judge_papers
from quenotte.provider.fleet.operations.stumbling import (
    Part,
    apart,
    nothing_left,
    resting,
    stumbled,
    went_well,
)
from quenotte.provider.fleet.operations.taking import take
from quenotte.provider.fleet.operations.touching import (
    claim_unsettled,
    look_again,
    settled,
    touch,
)

__all__ = [
    "AGENT_SILENCE",
    "Answer",
    "ClockDoubted",
    "Contact",
    "Facts",
    "Part",
    "Told",
    "apart",
    "attend",
    "believe_clock",
    "claim_unsettled",
    "forget_practice",
    "hear_copies",
    "heed_changes",
    "judge",
    "judge_due",
    "judge_papers",
    "keep_months",
    "look_again",
    "make_coming_months",
    "nothing_left",
    "resting",
    "settled",
    "stumbled",
    "sweep",
    "take",
    "touch",
    "went_well",
]
