"""The real FusionInventory agent of Debian enrols and reports at the real door, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.test_fusioninventory import run_agent
from tests_provider.real.sites import ACCEPT, KNOWN, ORDER, Site, opened

pytestmark = pytest.mark.real_clock


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site whose door is open."""
    with opened(tmp_path / "prestataire") as made:
        yield made


def test_real_agent_enrols_waits_is_accepted_and_is_known(site: Site, tmp_path: Path) -> None:
    token = site.script(ORDER)
    site.url = f"http://127.0.0.1:{site.port}/agents/glpi/{token}"

    run_agent(site, tmp_path / "agent")  # type: ignore[arg-type]
    assert site.script(ACCEPT) == "quarantine glpi"
    run_agent(site, tmp_path / "agent")  # type: ignore[arg-type]

    known = json.loads(site.script(KNOWN))
    (facts,) = known["facts"]
    assert facts["os.family"]["value"] == "linux"
    assert len(facts["software"]["value"]) > 100
    assert "canari-lerouge" not in json.dumps(known)
    rules = dict(known["rules"])
    assert rules["disk_space"] in {"ok", "bad"}
    assert rules["screen_locks"] == "unknown"


def test_agent_with_a_wrong_token_is_refused(site: Site, tmp_path: Path) -> None:
    site.url = f"http://127.0.0.1:{site.port}/agents/glpi/AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"
    said = run_agent(site, tmp_path / "agent")  # type: ignore[arg-type]
    assert "403" in said
