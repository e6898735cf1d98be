"""What rules, causes, facts and sources are called."""

from collections.abc import Mapping
from typing import Any

from quenotte.kernel.posture.facts import Fact
from quenotte.provider.fleet import looking, showing, wording


def sentence(
    rule: str, state: str, reason: str, values: Mapping[str, Any], *, is_beside: bool = False
) -> str:
    """Return what a verdict says, in the words of a technician; fewer beside another one."""
    return wording.sentence(rule, state, reason, values, is_beside=is_beside)


def title_of(rule: str) -> str:
    """Return what a rule is called."""
    return str(wording.RULES.get(rule, rule))


def cause_name(cause: str) -> str:
    """Return what a cause is called."""
    return str(wording.CAUSES.get(cause, cause))


def severity_name(severity: str) -> str:
    """Return how grave something is, in words."""
    return str(wording.SEVERITIES[severity])


def names() -> dict[str, str]:
    """Return what rules, facts, sources and reasons are called: « rule.firewall_on », …"""
    return looking.names()


def told(evidence: Mapping[str, Any]) -> showing.Told:
    """Return a fact that was kept as evidence as people read it."""
    return showing.of_evidence(evidence)


def label_words(key: str) -> str:
    """Return what a fact is called."""
    return showing.label(key)


def source_words(name: str) -> str:
    """Return what a source is called."""
    return showing.source(name)


def told_fact(fact: Fact) -> showing.Told:
    """Return a fact as people read it."""
    return showing.of_fact(fact)
