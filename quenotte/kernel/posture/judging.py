"""From facts to verdicts: each rule that applies is ok, bad or unknown, and says why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.knowing import Heard, hear
from quenotte.kernel.posture.questions.asked import Asked, Circumstances
from quenotte.kernel.posture.rules import RULES, Rule
from quenotte.kernel.posture.terms import Outcome, Platform, State, Subject, unknown
from quenotte.kernel.posture.values import fault

_MACHINES: Final = frozenset({Subject.WORKSTATION, Subject.SERVER})


@dataclass(frozen=True, slots=True)
class Dissent:
    """A source whose own facts would have led elsewhere."""

    source: Source
    observed_at: datetime
    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule comes to. ``evidence``: the facts it rests on, with their sources and times."""

    rule: str
    state: State
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Fact, ...] = ()
    dissent: tuple[Dissent, ...] = ()

    @property
    def wording(self) -> str:
        """Return the code under which provider and practice keep words of their own."""
        return f"{'unknown' if self.state is State.UNKNOWN else self.rule}.{self.reason}"


def verdicts(
    facts: Sequence[Fact], around: Circumstances, subject: Subject, *, rules: Iterable[Rule] = RULES
) -> list[Verdict]:
    """Return the verdict of each rule that applies to a workstation, a server or a practice."""
    platform = _platform(facts)
    by_key: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    return [
        judge(rule, [fact for key in (*rule.needs, *rule.also) for fact in by_key[key]], around)
        for rule in rules
        if applies(rule, subject, platform)
    ]


def applies(rule: Rule, subject: Subject, platform: Platform | None) -> bool:
    """Tell whether a rule is for somebody. A platform that nobody told rules nothing out."""
    is_meant = rule.subject is subject or (rule.subject is Subject.MACHINE and subject in _MACHINES)
    return is_meant and (platform is None or platform in rule.platforms)


def judge(rule: Rule, facts: Sequence[Fact], around: Circumstances) -> Verdict:
    """Return what a rule comes to, and whether another source says otherwise."""
    heard = {key: _hear(rule, facts, key, around) for key in (*rule.needs, *rule.also)}
    best = {key: one.best for key, one in heard.items()}
    outcome = _outcome(rule, best, heard, around)
    return Verdict(
        rule.key,
        outcome.state,
        outcome.reason,
        outcome.values,
        evidence=tuple(one.last for one in heard.values() if one.last),
        dissent=tuple(_dissent(rule, heard, outcome, around)),
    )


def _hear(rule: Rule, facts: Sequence[Fact], key: str, around: Circumstances) -> Heard:
    is_answer = rule.absent is not None
    return hear(facts, key, now=around.now, max_age=rule.max_age, absence=is_answer)


def _outcome(
    rule: Rule,
    answers: Mapping[str, Fact | None],
    heard: Mapping[str, Heard],
    around: Circumstances,
) -> Outcome:
    needed = []
    for key in rule.needs:
        fact = answers[key]
        if fact is None:
            return unknown(heard[key].unknown)
        if fact.unknown is not None:
            assert rule.absent is not None  # else it would be no answer
            return Outcome(rule.absent, "none")
        needed.append(fact.value)
    also = {key: fact.value if (fact := answers[key]) else None for key in rule.also}
    return rule.ask(Asked(tuple(needed), around, rule.limit, also))


def _dissent(
    rule: Rule, heard: Mapping[str, Heard], outcome: Outcome, around: Circumstances
) -> Iterator[Dissent]:
    """Yield the sources that, asked before the others, lead to another known state."""
    facts = [fact for one in heard.values() for fact in one.answers]
    for source in sorted({fact.source for fact in facts}):
        other = _outcome(rule, {key: one.of(source) for key, one in heard.items()}, heard, around)
        if State.UNKNOWN not in {other.state, outcome.state} and other.state is not outcome.state:
            at = max(fact.observed_at for fact in facts if fact.source is source)
            yield Dissent(source, at, other.state, other.reason)


def subject_of(facts: Iterable[Fact]) -> Subject:
    """Return whether a machine is a server or a workstation, by its own word."""
    is_server = any(one.key == "machine.is_server" and one.value is True for one in facts)
    return Subject.SERVER if is_server else Subject.WORKSTATION


def _platform(facts: Iterable[Fact]) -> Platform | None:
    """Return what a machine runs by its newest word, however old: that changes seldom."""
    told = [fact for fact in facts if fact.key == "os.family" and not fault(fact.key, fact.value)]
    return Platform(max(told, key=lambda fact: fact.observed_at).value) if told else None
