import socket
from pathlib import Path

import pytest

from quenotte.config import supervisor
from quenotte.config.supervisor import Options, Refused, check_ports, prepare_folder, serve

pytestmark = pytest.mark.real_clock


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
