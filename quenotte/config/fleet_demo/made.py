"""What was made of the demonstration: a row, and the simulated machine that speaks for it."""

from dataclasses import dataclass

from quenotte.config.fleet_demo import machines
from quenotte.provider.enrolment.models import Machine


@dataclass(frozen=True)
class Made:
    """A simulated machine beside its row."""

    row: Machine
    simulated: machines.Machine
