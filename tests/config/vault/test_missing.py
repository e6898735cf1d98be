"""A practice that went silent is missed by the vault, whatever the practice says of itself."""

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from quenotte.config import ports
from quenotte.config.cli import main
from quenotte.config.processes.missing import Watch, program_of
from quenotte.devices.media.vault.practices import Allowance
from quenotte.devices.media.vault.rules import Kind
from quenotte.devices.media.vault.silences import Silence, silences
from quenotte.devices.media.vault.vault import Vault
from tests.support.installations import free_port, wait_until

pytestmark = pytest.mark.one_engine

HOUR = 3_600_000_000
NIGHT = 26 * HOUR


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """A vault with one practice that put a copy."""
    vault = Vault(tmp_path / "store")
    vault.prepare()
    vault.practices.enrol("lilas", Allowance())
    vault.create("lilas/2026", "lilas")
    put(vault, Kind.SNAPSHOTS, b"first", vault.now())
    return vault


def put(vault: Vault, kind: Kind, body: bytes, at: int) -> None:
    held = vault.shelf("lilas/2026")
    number = "999999999999-" if kind is Kind.JOURNAL else ""
    draft = held.draft(kind, number + hashlib.sha256(body).hexdigest(), vault.drafts)
    draft.write(body)
    draft.check()
    held.keep(draft, at, "lilas")
    draft.drop()


def last(vault: Vault) -> int:
    return vault.shelf("lilas/2026").standing.put_at


def missed(vault: Vault, now: int) -> list[Silence]:
    return silences(vault, usual_h=26, now_us=now)


def test_practice_is_missed_after_a_night_by_when_the_vault_received(vault: Vault):
    at = last(vault)
    assert missed(vault, at + NIGHT) == []
    assert missed(vault, at + NIGHT + 1) == [Silence("lilas", at, has_begun=True)]
    put(vault, Kind.SNAPSHOTS, b"copy", at + NIGHT)
    assert missed(vault, at + NIGHT + 1) == []


@pytest.mark.parametrize("kind", [Kind.JOURNAL, Kind.DATA, Kind.INDEX])
def test_steps_of_the_journal_and_new_pictures_are_no_copies(vault: Vault, kind: Kind):
    at = last(vault)
    put(vault, kind, b"more", at + NIGHT)
    assert [one.since_us for one in missed(vault, at + NIGHT + 1)] == [at]


def test_who_never_put_anything_is_missed_and_who_is_not_watched_is_not(vault: Vault):
    enrolled(vault, "roses", days_ago=0)
    at = vault.practices.enrolled_at("roses")
    late = at + 2 * NIGHT
    assert Silence("roses", at, has_begun=False) in missed(vault, late)
    vault.practices.watch("roses", 0)
    assert [one.practice for one in missed(vault, late)] == ["lilas"]
    vault.practices.watch("lilas", 72)
    assert missed(vault, late) == []


def test_log_that_is_damaged_hides_no_silence(vault: Vault):
    log = vault.shelf("lilas/2026").folder / "received.log"
    log.write_bytes(log.read_bytes() + b"garbage\n")
    again = Vault(vault.root)
    assert [one.practice for one in missed(again, vault.now() + 2 * NIGHT)] == ["lilas"]


def test_silence_is_told_once_a_day_and_so_is_its_end(vault: Vault, tmp_path: Path, caplog):
    moment = [last(vault) + NIGHT + 1]
    command = program(tmp_path)
    heard = tmp_path / "heard"

    def look() -> list[str]:
        Watch(vault, 26, command, lambda: moment[0]).look()
        said = heard.read_text().splitlines() if heard.exists() else []
        heard.unlink(missing_ok=True)
        return [line.rpartition(" ")[0] for line in said]

    assert look() == ["lilas silent"]
    assert "practice lilas put nothing since" in caplog.text
    # Neither the next look nor a restart tells it again, but the next day does.
    assert look() == []
    moment[0] += 24 * HOUR
    assert look() == ["lilas silent"]
    put(vault, Kind.SNAPSHOTS, b"copy", moment[0])
    assert look() == ["lilas back"]
    assert look() == []


def test_program_that_fails_is_said_and_holds_up_nothing(vault: Vault, caplog):
    moment = last(vault) + NIGHT + 1
    for command in ("false", "/nowhere/at/all"):
        (vault.root / "run" / "silences.json").unlink(missing_ok=True)
        assert Watch(vault, 26, command, lambda: moment).look()
    assert "ended with 1" in caplog.text
    assert "did not run" in caplog.text
    (vault.root / "run" / "silences.json").write_text("[")
    assert Watch(vault, 26, "", lambda: moment).look()


def test_programs_are_looked_for():
    assert program_of(f"{sys.executable} -c 'x y'")
    for wrong in ("", "'", "no-such-program-here --now"):
        assert program_of(wrong) is None


def test_commands_say_it_and_end_as_a_monitor_wants(vault: Vault):
    def said(*words: str, code: int) -> str:
        store = ["--store", str(vault.root)]
        done = CliRunner().invoke(main, ["vault", words[0], *store, *words[1:]])
        assert done.exit_code == code, done.output
        return done.output

    enrolled(vault, "roses", days_ago=0)
    said("status", code=0)
    enrolled(vault, "roses", days_ago=3)
    assert "roses n’a encore achevé aucune copie" in said("status", code=1)
    told = json.loads(said("status", "--json", code=1))
    assert [one["practice"] for one in told["silent"]] == ["roses"]
    said("status", "--silence", "1000", code=0)
    said("watch", "roses", "--hours", "0", code=0)
    said("status", code=0)
    said("watch", "roses", code=0)
    enrolled(vault, "roses", days_ago=3)
    said("status", code=1)
    assert "Aucun cabinet" in said("watch", "iris", code=1)
    wrong = ("serve", "--port", "1", "--alarm-command", "no-such-program-here")
    assert "n’existe pas" in said(*wrong, code=2)


def test_open_vault_calls_for_help_by_itself(vault: Vault, tmp_path: Path):
    enrolled(vault, "roses", days_ago=3)
    port, heard = free_port(), tmp_path / "heard"
    words = ["serve", "--store", vault.root, "--port", port, "--alarm-command", program(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "quenotte", "vault", *map(str, words)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    try:
        wait_until(lambda: heard.exists() and ports.answers("127.0.0.1", port))
        wait_until(lambda: "roses silent 20" in heard.read_text())
        # It goes on serving meanwhile.
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/lilas/2026/head")
        assert refused.value.code == 401
        refused.value.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert "practice roses put nothing since" in (vault.root / "logs" / "vault.log").read_text()


def enrolled(vault: Vault, name: str, *, days_ago: int) -> None:
    """Let a practice have been enrolled some days ago, by the clock of the tests."""
    if name not in vault.practices.all():
        vault.practices.enrol(name, Allowance())
    then = time.time() - days_ago * 86_400
    os.utime(vault.root / "practices" / f"{name}.json", (then, then))


def program(folder: Path) -> str:
    """Return a command that writes down what it is told."""
    script = folder / "tell.sh"
    script.write_text(
        'echo "$QUENOTTE_VAULT_PRACTICE $QUENOTTE_VAULT_STATE $QUENOTTE_VAULT_SINCE"'
        f' >> "{folder / "heard"}"\n'
    )
    return f"/bin/sh {script}"
