"""The real FusionInventory agent of Debian enrols and reports at the practice's own server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.test_fusioninventory import run_agent
from tests.support.sites import Site

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

_CODE = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.upkeep.workstations import operations
practice = Practice.objects.create(name="Cabinet des Quenottes", dicom_issuer="QUENOTTES")
alice = Person.objects.create_user("alice", "un-mot-de-passe-long", practice=practice,
    first_name="Alice", last_name="Kermarec", role="praticien", is_manager=True)
actor = Actor(alice.id, "Dr Alice", practice.id, "", "web", alice.roles)
print(operations.make_token(practice_id=practice.id, machines=1, actor=actor)[1])
"""
_DECIDE = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.upkeep.workstations import operations
from quenotte.upkeep.workstations.models import Machine
alice, machine = Person.objects.get(), Machine.objects.get()
print(machine.standing, machine.agent)
actor = Actor(alice.id, "Dr Alice", alice.practice_id, "", "web", alice.roles)
operations.{decide}(practice_id=alice.practice_id, machine_id=machine.id, actor=actor)
"""
_KNOWN = """
import json
from django.utils import timezone
from quenotte.upkeep.workstations import operations
from quenotte.upkeep.workstations.models import MachineFinding, MachineState
operations.judge_due(now=timezone.now())
facts = [one.facts for one in MachineState.objects.all()]
rules = list(MachineFinding.objects.values_list("rule", "state"))
print(json.dumps({"facts": facts, "rules": rules}))
"""


def test_real_agent_enrols_waits_is_recognised_known_and_shut_out(tmp_path: Path) -> None:
    site: Any = Site(tmp_path / "cabinet", "practice")
    site.run("-m", "quenotte.config.processes.preparing")
    code = site.script(_CODE)
    site.url = f"http://127.0.0.1:{site.port}/agents/glpi/{code}"
    with site.serving("web"):
        run_agent(site, tmp_path / "agent")
        decided = site.script(f"{_DECIDE.format(decide='accept')}\nprint(machine.standing)")
        assert decided == "quarantine"
        run_agent(site, tmp_path / "agent")
        known = json.loads(site.script(_KNOWN))
        site.script(_DECIDE.format(decide="revoke"))
        assert "403" in run_agent(site, tmp_path / "agent")
        site.url = f"http://127.0.0.1:{site.port}/agents/glpi/AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
        assert "403" in run_agent(site, tmp_path / "agent")

    (facts,) = known["facts"]
    assert facts["os.family"]["value"] == "linux"
    assert len(facts["software"]["value"]) > 100
    assert "canari-lerouge" not in json.dumps(known)
    rules = dict(known["rules"])
    assert rules["disk_space"] in {"ok", "bad"}
    assert rules["screen_locks"] == "unknown"
    assert rules["silence"] == "ok"
