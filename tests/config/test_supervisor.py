import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quenotte.config import data_folder, supervisor
from quenotte.config.lan import addresses, places
from quenotte.config.lan.places import Lan
from quenotte.config.supervisor import Options, Refused, check_ports, prepare_folder, serve
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock


@pytest.fixture
def one(tmp_path: Path) -> Iterator[supervisor.Supervisor]:
    """A supervisor that was not started."""
    made = supervisor.Supervisor(Options(tmp_path))
    yield made
    made._ear.close()
    made._mouth.close()
    made._open_gate()


def test_folder_is_made_and_held(tmp_path: Path):
    options = Options(tmp_path / "data")
    lock = prepare_folder(options)
    assert (tmp_path / "data" / "blobs").is_dir()
    with pytest.raises(Refused, match="fonctionne déjà") as refused:
        prepare_folder(options)
    assert refused.value.code == 4
    lock.give_back()


def test_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="ne peut pas être utilisé") as refused:
        prepare_folder(Options(tmp_path / "file" / "data"))
    assert refused.value.code == 5


def test_taken_port_is_named_with_its_option(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match="--dicom-port") as refused:
            check_ports(Options(tmp_path, port=0, dicom_port=port))
    assert refused.value.code == 3
    assert str(port) in str(refused.value)
    check_ports(Options(tmp_path, port=0, dicom_port=0))


def test_refusal_is_said_and_returned(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = serve(Options(tmp_path / "data", port=taken.getsockname()[1]))
    assert code == 3
    assert "déjà pris" in capsys.readouterr().err


def test_trouble_of_the_database_ends_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    class Broken:
        trouble = "La base ne répond pas."
        engine = "connection refused"
        installation_code = ""

        def __init__(self, *, is_demo: bool) -> None:
            assert not is_demo

        def look(self) -> int:
            return 1

        def stop(self) -> None:
            """Nothing runs."""

    monkeypatch.setattr(supervisor, "Preparation", Broken)
    one = supervisor.Supervisor(Options(tmp_path))
    monkeypatch.setattr(one, "_listen_to_signals", lambda: None)
    assert one.run() == 1
    assert "La base ne répond pas." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("program", "words"), [("", "envoi terminé"), ("raise SystemExit(3)", "interrompu (code 3)")]
)
def test_pictures_of_the_demo_are_not_left_behind(
    one: supervisor.Supervisor, caplog: pytest.LogCaptureFixture, program: str, words: str
):
    caplog.set_level(logging.INFO)
    one._look_at_pictures()
    process = subprocess.Popen([sys.executable, "-c", program])
    one._pictures = process

    def is_reaped() -> bool:
        one._look_at_pictures()
        return one._pictures is None

    wait_until(is_reaped)
    assert process.returncode is not None
    assert words in caplog.text


def test_fall_of_a_process_is_noted_for_the_worker(
    one: supervisor.Supervisor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    prepare_folder(Options(tmp_path)).give_back()
    child = one._children[0]
    child.due_at, child.failures = float("inf"), 1
    monkeypatch.setattr(child, "reap", lambda: -9)
    one._look_at(child)
    assert len(list((tmp_path / "run").glob("fallen-*.json"))) == 1
    assert "Interruption du serveur de pages" in capsys.readouterr().out


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of a network; the environment is given back."""
    for name in (places.NAME, places.PAGES, places.TRUST):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(addresses, "addresses", lambda: ("127.0.0.1", "192.168.1.10"))


def test_practice_off_the_network_has_no_certificate(tmp_path: Path):
    assert supervisor.open_to_network(Options(tmp_path)) is None
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(("trust_port", "names"), [(0, set()), (8080, {"trust"})])
def test_plain_port_is_a_process_of_its_own(
    tmp_path: Path, machine: None, trust_port: int, names: set[str]
):
    options = Options(data_folder.prepare(tmp_path), host="127.0.0.1", lan=Lan("", trust_port))
    opened = supervisor.open_to_network(options)
    one = supervisor.Supervisor(options, opened)
    assert {child.name for child in one._others} == {"dicom", "wal", "worker"} | names
    assert one._next_date() == 0.0
    one._children[0].due_at = None
    assert 0 < (one._next_date() or 0) <= 60
    one._ear.close()
    one._mouth.close()
    one._open_gate()


def test_certificate_that_changed_is_told_to_who_shows_it(
    tmp_path: Path, machine: None, monkeypatch: pytest.MonkeyPatch
):
    options = Options(data_folder.prepare(tmp_path), host="127.0.0.1", lan=Lan("", 8080))
    opened = supervisor.open_to_network(options)
    assert opened is not None
    one = supervisor.Supervisor(options, opened)
    one._children += one._others
    asked: list[str] = []
    for child in one._children:
        monkeypatch.setattr(child, "ask_to_read_again", lambda name=child.name: asked.append(name))
    looked: list[bool] = [False, True]
    monkeypatch.setattr(opened.watch, "look", lambda: looked.pop(0))
    one._look_at_certificate()
    assert (asked, len(looked)) == ([], 2)
    one._on_look(0, None)
    one._look_at_certificate()
    assert (asked, len(looked)) == ([], 1)
    one._look_at_certificate()
    assert asked == ["web", "trust"]
    one._ear.close()
    one._mouth.close()
    one._open_gate()


def test_word_to_look_means_nothing_off_the_network(one: supervisor.Supervisor):
    one._on_look(0, None)
    one._look_at_certificate()
    assert one._next_date() == 0.0


def test_network_that_cannot_be_opened_is_told(
    tmp_path: Path, machine: None, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "data"
    assert serve(Options(folder, host="127.0.0.1", lan=Lan("pas un nom"))) == 6
    assert "ne peut pas nommer" in capsys.readouterr().err
    assert serve(Options(folder, host="8.8.8.8", lan=Lan())) == 6
    assert "adresse publique" in capsys.readouterr().err
    assert list((folder / "keys").iterdir()) == []


def test_taken_trust_port_is_named_with_its_option(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        lan = Lan("", taken.getsockname()[1])
        with pytest.raises(Refused, match="--trust-port"):
            check_ports(Options(tmp_path, port=0, dicom_port=0, lan=lan))
    check_ports(Options(tmp_path, port=0, dicom_port=0, lan=Lan("", 0)))
