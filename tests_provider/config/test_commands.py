"""``quenotte provider``: which site it opens, with what."""

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quenotte.config import cli, sites, supervisor


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let each test change the environment for itself alone."""
    for name in ("DJANGO_SETTINGS_MODULE", "QUENOTTE_DATA"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[supervisor.Options]:
    """What the supervisor was asked to serve."""
    asked: list[supervisor.Options] = []

    def serve(options: supervisor.Options) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr(supervisor, "serve", serve)
    return asked


@pytest.mark.parametrize(("command", "is_demo"), [("serve", False), ("demo", True)])
def test_site_of_the_provider_is_served(
    served: list[supervisor.Options], tmp_path: Path, command: str, is_demo: bool
) -> None:
    words = ["provider", command, "--data", str(tmp_path / "x"), "--port", "8300"]
    done = CliRunner().invoke(cli.main, [*words, "--agents-port", "8301"])
    assert done.exit_code == 0, done.output
    (options,) = served
    assert (options.folder, options.port, options.is_demo) == (tmp_path / "x", 8300, is_demo)
    assert options.agents == ["127.0.0.1", "8301"]
    assert sites.here() is sites.PROVIDER
    assert options.has_agents
    assert "8301" in options.doors[0]


def test_data_lie_in_a_folder_of_their_own(
    served: list[supervisor.Options], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUENOTTE_DATA")
    for command, name in (("serve", "quenotte-prestataire"), ("demo", "quenotte-prestataire-demo")):
        monkeypatch.delenv("QUENOTTE_DATA", raising=False)
        assert CliRunner().invoke(cli.main, ["provider", command]).exit_code == 0
        assert served[-1].folder == tmp_path / name


@pytest.mark.parametrize("option", ["--host", "--agents-host"])
def test_open_http_is_refused(served: list[Any], option: str) -> None:
    done = CliRunner().invoke(cli.main, ["provider", "serve", option, "0.0.0.0"])
    assert done.exit_code == 2
    assert "HTTPS" in done.output
    assert served == []


def test_help_leaves_the_site_alone() -> None:
    before = os.environ["DJANGO_SETTINGS_MODULE"]
    assert CliRunner().invoke(cli.main, ["provider", "--help"]).exit_code == 0
    assert os.environ["DJANGO_SETTINGS_MODULE"] == before


def test_each_site_knows_its_own() -> None:
    sites.choose(sites.PRACTICE)
    assert (sites.here(), "dicom" in sites.here().children) == (sites.PRACTICE, True)
    sites.choose(sites.PROVIDER)
    assert sites.here() is sites.PROVIDER
    assert sites.PROVIDER.background() == {}
