"""The rules of the house, on the provider's site: addresses, permissions, privacy, the manual."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver

import quenotte
from quenotte.base import facts
from quenotte.base.jobs import schedule
from quenotte.base.people.models import Person
from quenotte.base.people.rules import PERMISSIONS, PROVIDER_ROLES, may
from quenotte.config.clocks import provider as clock
from quenotte.kernel.posture.rules import RULES, WORDINGS
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.provider.fleet import showing, wording
from tests.house import test_urls as urls
from tests_provider.factories import PersonFactory

PACKAGE = Path(quenotte.__file__).parent
MANUAL = PACKAGE.parent / "docs" / "manual" / "prestataire.md"
OURS = [model for model in apps.get_models() if model.__module__.startswith("quenotte.provider")]


def _rows() -> list[list[str]]:
    lines = MANUAL.read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def test_site_knows_no_app_of_a_practice() -> None:
    strangers = ("quenotte.care", "quenotte.office", "quenotte.upkeep")
    assert not [one for one in apps.get_app_configs() if one.name.startswith(strangers)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_model_says_what_it_means_for_privacy(model: type[Model]) -> None:
    assert "Privacy:" in (model.__doc__ or "")


def test_manual_says_what_each_table_keeps() -> None:
    told = {found[1] for row in _rows() if (found := re.search(r"\(`([A-Z]\w+)`\)", row[0]))}
    assert told == {model.__name__ for model in OURS}


def test_manual_says_who_may() -> None:
    told = {
        found[1]: row[1:] for row in _rows() if (found := re.search(r"\(`(fleet\.\w+)`\)", row[0]))
    }
    asked = {action: roles for action, roles in PERMISSIONS.items() if action.startswith("fleet.")}
    assert told == {
        action: ["oui" if role in roles else "—" for role in PROVIDER_ROLES]
        for action, roles in asked.items()
    }


def test_manual_lists_what_the_worker_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_registry", {})
    clock.register()
    pages = MANUAL.read_text("utf-8") + (MANUAL.parent / "taches.md").read_text("utf-8")
    assert {one.name for one in schedule.registered() if str(one.job.label) not in pages} == set()


def test_names_used_resolve() -> None:
    known = urls._names(get_resolver())
    used: set[str] = set()
    for path in (PACKAGE / "provider").rglob("*"):
        if path.suffix in {".html", ".py"}:
            text = path.read_text("utf-8")
            for pattern in (urls._IN_TEMPLATES, urls._IN_CODE, urls._IN_REGISTRIES):
                used |= set(pattern.findall(text))
    assert used - known == set()


@pytest.mark.parametrize("role", PROVIDER_ROLES)
@pytest.mark.django_db
def test_pages_answer_each_role_as_the_table_says(
    role: str, tom: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(PersonFactory.create(practice=tom.practice, role=role))
    for path, action in (
        ("/parc/", "fleet.read"),
        ("/inscriptions/", "fleet.work"),
        ("/parc/cabinets/nouveau/", "fleet.manage"),
        ("/parc/cabinets/anciens/", "fleet.manage"),
        ("/", "home.read"),
    ):
        expected = {200, 302} if may(frozenset({role}), action) else {403}
        assert client.get(path).status_code in expected, path


def test_each_code_of_a_verdict_has_words() -> None:
    for code in WORDINGS:
        rule, _, reason = code.partition(".")
        state = "unknown" if rule == "unknown" else "ok" if reason in _good(rule) else "bad"
        assert wording.sentence(rule, state, reason, {}) != code, code


def _good(rule: str) -> set[str]:
    """Return the reasons with which a rule is well."""
    return {"ok"} | ({"none"} if rule == "remote_tools" else set())


def test_each_rule_cause_severity_and_fact_has_a_name() -> None:
    from quenotte.kernel.posture.facts import KEYS, Source, Unknown

    assert {rule.key for rule in RULES} <= set(wording.RULES)
    assert set(wording.CAUSES) == set(Cause)
    assert set(wording.SEVERITIES) == set(Severity)
    assert set(facts.UNKNOWNS) == set(Unknown)
    assert set(showing.LABELS) == set(KEYS)
    assert set(showing.SOURCES) == set(Source)
