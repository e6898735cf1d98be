"""Pure decisions on the mouth: what can be charted, what stands, what a typed line means."""

from quenotte.care.chart.rules.ages import Unlikely, doubt, noted_in, refuse_unlikely
from quenotte.care.chart.rules.checks import (
    Contradiction,
    NoSuchSurface,
    NoSuchTooth,
    NotChartable,
    Stranded,
    checked,
)
from quenotte.care.chart.rules.completion import Completion, complete
from quenotte.care.chart.rules.findings import (
    DEPTHS,
    ICDAS,
    MATERIALS,
    Finding,
    Kind,
    Presence,
    Status,
)
from quenotte.care.chart.rules.grammar import NotUnderstood, parse
from quenotte.care.chart.rules.histories import Entry, What
from quenotte.care.chart.rules.marks import Aside, Mark, Reason
from quenotte.care.chart.rules.mouths import Mouth, ToothNow
from quenotte.care.chart.rules.notes import LONGEST_NOTE, tidy
from quenotte.care.chart.rules.remarks import (
    fallen_bridges,
    hidden_successor,
    implant_again,
    on_pontic,
    replaced_teeth,
)
from quenotte.care.chart.rules.soundness import NotSound, refuse_unsound
from quenotte.care.chart.rules.wording import KINDS, brief_of, sentence_of, status_of, words_of

__all__ = [
    "DEPTHS",
    "ICDAS",
    "KINDS",
    "LONGEST_NOTE",
    "MATERIALS",
    "Aside",
    "Completion",
    "Contradiction",
    "Entry",
    "Finding",
    "Kind",
    "Mark",
    "Mouth",
    "NoSuchSurface",
    "NoSuchTooth",
    "NotChartable",
    "NotSound",
    "NotUnderstood",
    "Presence",
    "Reason",
    "Status",
    "Stranded",
    "ToothNow",
    "Unlikely",
    "What",
    "brief_of",
    "checked",
    "complete",
    "doubt",
    "fallen_bridges",
    "hidden_successor",
    "implant_again",
    "noted_in",
    "on_pontic",
    "parse",
    "refuse_unlikely",
    "refuse_unsound",
    "replaced_teeth",
    "sentence_of",
    "status_of",
    "tidy",
    "words_of",
]
