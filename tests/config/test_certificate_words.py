import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from quenotte.config import certificate_words, data_folder, instance
from quenotte.config.lan import addresses, keeping, places


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder on a machine of the network; the environment is given back."""
    for name in (places.NAME, places.PAGES, places.TRUST):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(addresses, "machine_name", lambda: "srv")
    monkeypatch.setattr(addresses, "addresses", lambda: ("127.0.0.1", "192.168.1.10"))
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "data"))
    return data_folder.prepare(tmp_path / "data")


def test_practice_without_certificate(capsys: pytest.CaptureFixture[str]):
    assert certificate_words.show() == 1
    assert "serve --lan" in capsys.readouterr().out


def test_certificate_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert certificate_words.renew("cabinet", with_authority=False) == 0
    said = capsys.readouterr().out
    authority, server = keeping.look(folder)
    assert authority is not None
    assert server is not None
    # The clock of the tests shows 17 March 2026.
    for word in ("renouvelé", authority.fingerprint, server.fingerprint, "cabinet.local",
                 "192.168.1.10", "du 16/03/2026 au 17/04/2027"):  # fmt: skip
        assert word in said
    assert "Quenotte en service" not in said


def test_renewal_keeps_the_name_and_the_authority(folder: Path):
    certificate_words.renew("cabinet", with_authority=False)
    before = keeping.look(folder)
    assert certificate_words.renew("", with_authority=False) == 0
    after = keeping.look(folder)
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert after[1] is not None
    assert after[1].hosts[0] == "cabinet.local"


def test_new_authority_is_told(folder: Path, capsys: pytest.CaptureFixture[str]):
    certificate_words.renew("cabinet", with_authority=False)
    before = keeping.look(folder)
    assert certificate_words.renew("", with_authority=True) == 0
    assert "L’autorité est nouvelle" in capsys.readouterr().out
    assert keeping.look(folder)[0] != before[0]


def test_refusal_is_said(capsys: pytest.CaptureFixture[str]):
    assert certificate_words.renew("pas un nom", with_authority=False) == 1
    assert "ne peut pas nommer" in capsys.readouterr().err


@pytest.mark.real_clock
def test_who_serves_is_asked_to_look(folder: Path, capsys: pytest.CaptureFixture[str]):
    program = (
        "import signal, sys; from pathlib import Path; from quenotte.config import instance\n"
        "signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))\n"
        f"instance.Lock(Path({str(folder)!r})).take(); print('ready', flush=True); signal.pause()"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    assert certificate_words.renew("cabinet", with_authority=False) == 0
    assert holder.wait(timeout=30) == 7
    holder.stdout.close()
    assert "sans rien interrompre" in capsys.readouterr().out


def test_holder_that_has_just_gone_is_no_trouble(monkeypatch: pytest.MonkeyPatch):
    def gone(_pid: int, _signal: int) -> None:
        raise ProcessLookupError

    monkeypatch.setattr(instance, "holder", lambda _folder: 4)
    monkeypatch.setattr(os, "kill", gone)
    assert certificate_words.renew("cabinet", with_authority=False) == 0


def test_web_process_alone(folder: Path, capsys: pytest.CaptureFixture[str]):
    certificate_words.open_alone("cabinet", host="127.0.0.1", port=8443)
    assert capsys.readouterr().out == "https://cabinet.local:8443\n"
    assert places.heard(os.environ) == ("cabinet.local", 8443, 0)
    with pytest.raises(click.ClickException, match="ne peut pas nommer"):
        certificate_words.open_alone("pas un nom", host="127.0.0.1", port=8443)
