"""The bounds on walked lines and branches: each gap fails, two workers complete each other."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from slipcover.slipcover import add_summaries

from tools import counts

_STRICT = (
    "quenotte/kernel/teeth.py",
    "quenotte/care/imaging/rules.py",
    "quenotte/care/agenda/rules/hours.py",
    "quenotte/care/chart/access.py",
)


def _file(*, missing: Sequence[int] = (), untaken: Sequence[list[int]] = ()) -> dict[str, Any]:
    walked = [line for line in range(1, 101) if line not in missing]
    return {
        "executed_lines": walked,
        "missing_lines": [*missing],
        "executed_branches": [pair for pair in [[1, 2], [1, 3]] if pair not in untaken],
        "missing_branches": [*untaken],
    }


def _write(folder: Path, worker: str, **others: dict[str, Any]) -> None:
    files = {name: _file() for name in _STRICT} | others
    whole: dict[str, Any] = {
        "meta": {"software": "slipcover", "branch_coverage": True, "show_contexts": False},
        "files": files,
    }
    add_summaries(whole)
    (folder / f"{worker}.json").write_text(json.dumps(whole), "utf-8")


def test_code_walked_whole_holds(tmp_path: Path) -> None:
    _write(tmp_path, "gw0")

    assert counts.hold(tmp_path)


def test_nothing_counted_does_not_hold(tmp_path: Path) -> None:
    assert not counts.hold(tmp_path)


@pytest.mark.parametrize("name", _STRICT)
@pytest.mark.parametrize("gap", [{"missing": [7]}, {"untaken": [[1, 3]]}])
def test_gap_in_rules_doors_and_kernel_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, gap: dict[str, Any]
) -> None:
    _write(tmp_path, "gw0", **{name: _file(**gap)})

    assert not counts.hold(tmp_path)
    assert f"{name} must be walked whole" in capsys.readouterr().out


def test_gap_elsewhere_holds_up_to_the_bound(tmp_path: Path) -> None:
    _write(tmp_path, "gw0", **{"quenotte/web/kept.py": _file(missing=[*range(1, 20)])})
    assert counts.hold(tmp_path)

    _write(tmp_path, "gw0", **{"quenotte/web/kept.py": _file(missing=[*range(1, 60)])})
    assert not counts.hold(tmp_path)


def test_workers_complete_each_other(tmp_path: Path) -> None:
    _write(tmp_path, "gw0", **{_STRICT[0]: _file(missing=[7, 8], untaken=[[1, 2]])})
    _write(tmp_path, "gw1", **{_STRICT[0]: _file(missing=[9], untaken=[[1, 3]])})

    assert counts.hold(tmp_path)


def test_kind_of_file_that_is_nowhere_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "WITHOUT_A_GAP", ("quenotte/*/*/doors.py",))
    _write(tmp_path, "gw0")

    assert not counts.hold(tmp_path)
