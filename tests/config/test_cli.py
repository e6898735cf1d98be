import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quenotte import __version__
from quenotte.config import (
    certificate_words,
    cli,
    dicom_words,
    doctor,
    preparation,
    proofs,
    supervisor,
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command line; the environment and the umask are given back."""
    monkeypatch.setenv("QUENOTTE_DATA", os.environ["QUENOTTE_DATA"])
    # Named first, so that what a command writes there is taken back too.
    monkeypatch.setenv("QUENOTTE_DICOM_PORT", "11112")
    mask = os.umask(0o022)
    os.umask(mask)

    def invoke(*words: str) -> Result:
        try:
            return CliRunner().invoke(cli.main, words)
        finally:
            os.umask(mask)

    return invoke


def noting(asked: list[Any], code: int) -> Any:
    """Return a function that notes what it is asked and answers ``code``."""

    def note(options: Any) -> int:
        asked.append(options)
        return code

    return note


def test_version(run: Any):
    assert run("--version").output == f"Quenotte {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [[], ["serve"], ["demo"], ["web"], ["dicom"], ["dicom", "send"], ["worker"], ["doctor"],
     ["migrate"], ["audit", "verify"], ["files", "verify"], ["certificate", "show"],
     ["certificate", "renew"]],
)  # fmt: skip
def test_help_is_french(run: Any, words: list[str]):
    answer = run(*words, "--help")
    assert answer.exit_code == 0
    assert any(letter in answer.output for letter in "éèêàç")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_serve_passes_its_options(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
):
    asked: list[supervisor.Options] = []
    monkeypatch.setattr(supervisor, "serve", noting(asked, 7))
    answer = run(command, "--data", str(tmp_path), "--port", "81", "--dicom-port", "82")
    assert answer.exit_code == 7
    assert asked == [
        supervisor.Options(tmp_path, port=81, dicom_port=82, is_demo=command == "demo")
    ]
    assert os.environ["QUENOTTE_DATA"] == str(tmp_path)
    assert os.environ["QUENOTTE_DICOM_PORT"] == "82"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--lan"], ("0.0.0.0", 8443, "0.0.0.0", "", 8080)),
        (["--lan", "cabinet"], ("0.0.0.0", 8443, "0.0.0.0", "cabinet", 8080)),
        (
            ["--lan", "--host", "10.0.0.2", "--port", "443", "--trust-port", "0"],
            ("10.0.0.2", 443, "10.0.0.2", "", 0),
        ),
        (["--lan", "--dicom-host", "127.0.0.1"], ("0.0.0.0", 8443, "127.0.0.1", "", 8080)),
    ],
)
def test_serve_opens_to_the_network(
    run: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: tuple[Any, ...]
):
    asked: list[supervisor.Options] = []
    monkeypatch.delenv("QUENOTTE_HTTPS", raising=False)
    monkeypatch.setattr(supervisor, "serve", noting(asked, 0))
    assert run("serve", *words).exit_code == 0
    (found,) = asked
    assert found.lan is not None
    assert (
        found.host, found.port, found.dicom_host, found.lan.name, found.lan.trust_port
    ) == expected  # fmt: skip


def test_web_process_alone_may_open_to_the_network(run: Any, monkeypatch: pytest.MonkeyPatch):
    from quenotte.config.processes import web

    asked: list[Any] = []
    monkeypatch.delenv("QUENOTTE_HTTPS", raising=False)
    monkeypatch.setattr(web, "main", lambda *words: asked.append(words))
    monkeypatch.setattr(
        certificate_words, "open_alone", lambda name, **where: asked.append((name, where))
    )
    assert run("web", "--lan", "cabinet").exit_code == 0
    assert asked == [("cabinet", {"host": "0.0.0.0", "port": 8443}), ("0.0.0.0", 8443)]


def test_certificate_is_renewed_by_hand(run: Any, monkeypatch: pytest.MonkeyPatch):
    asked: list[Any] = []

    def renew(name: str, *, with_authority: bool) -> int:
        asked.append((name, with_authority))
        return 4

    monkeypatch.setattr(certificate_words, "renew", renew)
    assert run("certificate", "renew").exit_code == 4
    run("certificate", "renew", "cabinet", "--authority")
    assert asked == [("", False), ("cabinet", True)]


def test_dicom_port_may_come_from_the_environment(run: Any, monkeypatch: pytest.MonkeyPatch):
    asked: list[supervisor.Options] = []
    monkeypatch.setattr(supervisor, "serve", noting(asked, 0))
    monkeypatch.setenv("QUENOTTE_DICOM_PORT", "10400")
    run("serve")
    assert asked[0].dicom_port == 10400


def test_demo_has_a_folder_of_its_own(run: Any, monkeypatch: pytest.MonkeyPatch):
    asked: list[supervisor.Options] = []
    monkeypatch.delenv("QUENOTTE_DATA")
    monkeypatch.setattr(supervisor, "serve", noting(asked, 0))
    run("demo")
    assert asked[0].folder == (Path.home() / "quenotte-demo").resolve()


@pytest.mark.parametrize("command", ["serve", "web"])
def test_pages_leave_this_machine_through_https_only(
    run: Any, monkeypatch: pytest.MonkeyPatch, command: str
):
    monkeypatch.setattr(supervisor, "serve", lambda _options: 0)
    answer = run(command, "--host", "0.0.0.0")
    assert answer.exit_code == 2
    assert "QUENOTTE_HTTPS=1" in answer.output
    monkeypatch.setenv("QUENOTTE_HTTPS", "1")
    assert run("serve", "--host", "0.0.0.0").exit_code == 0


@pytest.mark.parametrize(
    ("words", "target", "name"),
    [
        (["migrate"], preparation, "prepare_here"),
        (["doctor", "--json"], doctor, "run"),
        (["audit", "verify"], proofs, "verify_journal"),
        (["files", "verify"], proofs, "verify_files"),
        (["files", "reindex"], proofs, "reindex_files"),
        (["certificate", "show"], certificate_words, "show"),
        (["dicom", "echo"], dicom_words, "echo"),
        (["dicom", "send", __file__], dicom_words, "send"),
    ],
)
def test_command_does_its_work(
    run: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], target: Any, name: str
):
    monkeypatch.setattr(target, name, lambda *_a, **_k: 3)
    assert run(*words).exit_code == 3


@pytest.mark.parametrize("name", ["web", "dicom", "worker"])
def test_process_can_be_run_alone(run: Any, monkeypatch: pytest.MonkeyPatch, name: str):
    from importlib import import_module

    asked: list[Any] = []
    module = import_module(f"quenotte.config.processes.{name}")
    monkeypatch.setattr(module, "main", lambda *words: asked.append(words))
    assert run(name).exit_code == 0
    assert len(asked) == 1


def test_manage_is_a_way_to_django(run: Any, monkeypatch: pytest.MonkeyPatch):
    asked: list[Any] = []
    monkeypatch.setattr("django.core.management.execute_from_command_line", asked.append)
    run("manage", "shell", "--help")
    assert asked == [["quenotte manage", "shell", "--help"]]
