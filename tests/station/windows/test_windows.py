"""Windows as its PowerShell answers: four machines, in the forms that ``ConvertTo-Json`` gives.

The answers were written by hand after those forms, for no Windows is at hand: one object alone for
a list of one, nothing for none, ``/Date(…)/``, ``{"value": …, "Count": …}``, a mark of UTF-8,
numbers where other releases have words, errors reduced to a code.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quenotte.kernel.posture.facts import KEYS, Unknown
from quenotte.kernel.posture.values import fault
from quenotte.station.collectors.machines import NoProgram
from quenotte.station.collectors.windows import COLLECTORS, defences, disks, powershell, use
from quenotte.station.collectors.windows.updates import moment
from quenotte.wire.messages import read, write
from quenotte.wire.reports import Report
from tests.station.fakes import NOW, FakeWindows, counts, facts, gathered, told

pytestmark = pytest.mark.one_engine

ANSWERS = Path(__file__).parent / "answers"
MACHINES = sorted(path.name for path in ANSWERS.iterdir())


def _process(name: str) -> Any:
    return SimpleNamespace(info={"name": name, "uids": None})


def _windows(tmp_path: Path, name: str, *running: str) -> FakeWindows:
    names = [_process(one) for one in running]
    return FakeWindows(tmp_path, ANSWERS / name, counts(process_iter=lambda _names: names))


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, Any]:
    running = ("explorer.exe", "LogonUI.exe", "AnyDesk.exe", "dupont-jeanne.exe")
    return told(COLLECTORS, _windows(tmp_path, "windows-11-fr", *running))


@pytest.mark.parametrize("name", MACHINES)
def test_every_machine_is_told_as_the_wire_wants_it(tmp_path: Path, name: str) -> None:
    found = facts(COLLECTORS, _windows(tmp_path, name))
    assert read(write(Report(NOW, found)), Report).facts == found
    for one in found:
        assert one.key in KEYS
        assert one.unknown or fault(one.key, one.value) is None


def test_french_desk_is_known(desk: dict[str, Any]) -> None:
    assert desk["machine.serial"] == "B5V8NJ3"
    assert desk["machine.model"] == "Dell Inc. OptiPlex 7010"
    assert desk["machine.memory_mib"] == 16103
    assert desk["os.name"] == "Microsoft Windows 11 Professionnel"
    assert (desk["os.build"], desk["machine.is_server"]) == ("26200.7171", False)
    assert (desk["updates.missing"], desk["updates.missing_security"]) == (3, 1)
    assert desk["updates.last_installed_at"] == "2026-11-12T02:14:31Z"
    assert desk["updates.reboot_pending"] is True
    assert desk["use.is_admin_daily"] is True
    assert desk["use.is_locked"] is True
    assert desk["remote.tools"] == [{"name": "AnyDesk", "id": None}]
    assert "WhatsApp Desktop" in {row["name"] for row in desk["software"]}
    assert "Logiciel « Sourire »" in {row["name"] for row in desk["software"]}


def test_security_centre_tells_who_is_on_and_who_is_old(desk: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in desk["antivirus.products"]}
    assert (rows["Windows Defender"]["is_active"], rows["ESET Security"]["is_active"]) == (
        False,
        True,
    )
    assert rows["ESET Security"]["is_fresh"] is True


def test_defender_alone_with_old_signatures(tmp_path: Path) -> None:
    machine = _windows(tmp_path, "windows-10-home")
    (row,) = gathered(defences.look_at_antivirus, machine)["antivirus.products"]
    assert (row["is_active"], row["is_fresh"]) == (True, False)


def test_one_profile_that_is_off_is_told(desk: dict[str, Any]) -> None:
    states = {row["name"]: row["is_on"] for row in desk["firewall.profiles"]}
    assert states == {"Domain": True, "Private": True, "Public": False}


def test_other_firewall_stands_in_for_that_of_windows(tmp_path: Path) -> None:
    machine = _windows(tmp_path, "windows-10-home")
    found = gathered(defences.look_at_firewall, machine)
    assert found["firewall.profiles"] == [{"name": "Avast Antivirus", "is_on": True}]


def test_disk_that_is_carried_is_a_medium_and_no_disk(desk: dict[str, Any]) -> None:
    (drive,) = desk["disks"]
    assert (drive["mount"], drive["is_encrypted"], drive["is_system"]) == ("C:", True, True)
    assert drive["free_mib"] == 229376
    assert [row["name"] for row in desk["disks.health"]] == ["NVMe PC801 SK hynix 512GB"]
    kinds = {row["name"]: row["kind"] for row in desk["media.plugged"]}
    assert kinds == {
        "Quenotte (WD Elements 25A2)": "disk",
        "Kingston DataTraveler 3.0": "stick",
        "Generic- SD/MMC": "card",
    }


def test_bitlocker_tells_an_administrator_alone(tmp_path: Path) -> None:
    machine = _windows(tmp_path, "windows-11-without-rights")
    (drive,) = gathered(disks.look_at_disks, machine)["disks"]
    assert drive["is_encrypted"] is None
    assert drive["total_mib"] == 487108


def test_server_is_asked_defender_itself(tmp_path: Path) -> None:
    found = told(COLLECTORS, _windows(tmp_path, "windows-server-2022"))
    rows = {row["name"]: row for row in found["antivirus.products"]}
    assert rows["Microsoft Defender"]["is_active"] is True
    assert rows["Microsoft Defender"]["signed_at"] == "2026-11-17T05:41:09Z"
    assert rows["Sophos"]["is_active"] is True
    assert found["machine.is_server"] is True
    assert found["updates.last_installed_at"] == "2025-11-12T03:00:00Z"
    assert [row["is_encrypted"] for row in found["disks"]] == [False, None]
    assert [row["total_mib"] for row in found["disks"]] == [457344, None]
    states = {row["name"]: row["is_healthy"] for row in found["disks.health"]}
    assert states == {"HPE LOGICAL VOLUME": True, "MB001000GWFWK": False, "Virtual Disk": None}
    assert found["lock.after_s"] == 900
    assert found["ups"] is Unknown.NO_SUCH_THING
    assert found["media.plugged"] == []
    assert "use.is_admin_daily" not in found
    assert [row["name"] for row in found["software"]] == ["Microsoft Edge"]


def test_what_is_refused_is_unknown_with_its_reason(tmp_path: Path) -> None:
    found = told(COLLECTORS, _windows(tmp_path, "windows-11-without-rights", "explorer.exe"))
    assert found["updates.missing"] is Unknown.NOT_READABLE
    assert found["updates.reboot_pending"] is Unknown.NOT_READABLE
    assert found["antivirus.products"] is Unknown.NO_SUCH_THING
    assert found["firewall.profiles"] is Unknown.NO_SUCH_THING
    assert found["disks.health"] is Unknown.NO_SUCH_THING
    assert found["media.plugged"] is Unknown.NOT_READABLE
    assert found["software"] is Unknown.NOT_READABLE
    assert found["lock.after_s"] is Unknown.NOT_READABLE
    assert found["use.is_admin_daily"] is Unknown.NOT_CREDIBLE
    assert found["use.is_locked"] is False


def test_machine_without_an_identity_of_its_own(tmp_path: Path) -> None:
    found = told(COLLECTORS, _windows(tmp_path, "windows-10-home"))
    for key in ("machine.uuid", "machine.serial", "machine.model"):
        assert found[key] is Unknown.NOT_CREDIBLE
    assert found["updates.is_automatic"] is False
    assert found["updates.last_installed_at"] is Unknown.NO_SUCH_THING
    assert found["lock.after_s"] == 0
    assert found["use.is_admin_daily"] is Unknown.NOT_READABLE
    assert [row["is_healthy"] for row in found["disks.health"]] == [False]


@pytest.mark.parametrize(
    ("said", "after_s"),
    [
        ({"policy": 300}, 300),
        ({"policy": 0}, Unknown.NOT_READABLE),
        ({"sleep": ["0x00000708", "0x00000384"], "password": ["0x1", "0x1"]}, 1800),
        ({"sleep": ["0x00000708", "0x00000384"], "password": ["0x0", "0x1"]}, Unknown.NOT_READABLE),
        (
            {
                "users": [{"active": "1", "secure": "0", "timeout": "600", "program": True}],
                "sleep": ["0x0", "0x0"],
                "password": ["0x1", "0x1"],
            },
            0,
        ),
        (
            {
                "users": [
                    {"active": "1", "secure": "1", "timeout": "600", "program": True},
                    {"active": "1", "secure": "1", "timeout": "1200", "program": True},
                ]
            },
            1200,
        ),
        ({"users": [{"active": 1, "secure": 1, "timeout": "x", "program": True}]}, None),
    ],
)
def test_lock_is_that_of_the_laxest(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], after_s: object
) -> None:
    answer = {"policy": None, "users": [], "sleep": [], "password": [], **said}
    monkeypatch.setattr(use, "answer", lambda _machine, _name: answer)
    found = gathered(use.look_at_lock, None)
    assert found["lock.after_s"] == (after_s if after_s is not None else Unknown.NOT_READABLE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []),
        ("\ufeff\r\n", []),
        ("null", []),
        ('{"a":1}', [{"a": 1}]),
        ('[{"a":1},null,3]', [{"a": 1}]),
        ('{"value":[{"a":1}],"Count":1}', [{"a": 1}]),
    ],
)
def test_lists_of_powershell(text: str, told: list[Any]) -> None:
    assert powershell.rows(powershell.read(text)) == told


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("CommandNotFoundException", NoProgram),
        ("HRESULT 0x8004100E,Microsoft.Management.Infrastructure", NoProgram),
        ("NoCOMClassIdentified,Microsoft.PowerShell.Commands.NewObjectCommand", NoProgram),
        ("HRESULT 0x80041003", powershell.Declined),
        ("", powershell.Declined),
    ],
)
def test_errors_of_powershell(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        powershell.read(f'{{"failed":"{code}"}}')


def test_nothing_is_not_an_object() -> None:
    with pytest.raises(powershell.Declined):
        powershell.one(None)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-17T05:41:09.1234567Z", "2026-11-17T05:41:09.123456+00:00"),
        ("2026-11-17T05:41:09+01:00", "2026-11-17T05:41:09+01:00"),
        ("/Date(0)/", "1970-01-01T00:00:00+00:00"),
        ("/Date(99999999999999999)/", None),
        ("/Date(x)/", None),
        ("2026-11-17T05:41:09", None),
        ("hier", None),
        (7, None),
    ],
)
def test_moments_of_powershell(text: object, iso: str | None) -> None:
    found = moment(text)
    assert (found and found.isoformat()) == iso


def test_scripts_end_in_one_answer_and_tell_no_account(tmp_path: Path) -> None:
    machine = _windows(tmp_path, "windows-11-fr")
    told(COLLECTORS, machine)
    assert len(machine.scripts) == len(list(powershell.SCRIPTS.glob("*.ps1")))
    for script in machine.scripts:
        assert "ConvertTo-Json" in script
        assert "$WORDS" not in script
        # A cheap look at what is not run here: whatever opens is closed.
        plain = "\n".join(line for line in script.splitlines() if not line.startswith("#"))
        for opening, closing in ("()", "{}", "[]"):
            assert plain.count(opening) == plain.count(closing), script
        assert "Exception.Message" not in script
        assert "$env:USERNAME" not in script
