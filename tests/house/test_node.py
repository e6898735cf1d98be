"""One answer to « is this Node.js recent enough? »: what ``package.json`` asks for."""

import json
import shutil
from pathlib import Path

import pytest

from tools import nodes

ROOT = Path(__file__).resolve().parents[2]


def test_oldest_node_is_the_one_of_the_package():
    asked = json.loads((ROOT / "package.json").read_text())["engines"]["node"]
    assert asked == ">=" + ".".join(map(str, nodes.oldest()))


def test_older_node_of_the_machine_is_left_aside(monkeypatch: pytest.MonkeyPatch):
    oldest = nodes.oldest()
    monkeypatch.setattr(shutil, "which", lambda name, path=None: f"/somewhere/{name}")
    told = {"version": oldest}
    monkeypatch.setattr(nodes, "version_of", lambda _program: told["version"])
    assert nodes.on_machine() is not None
    for older in ((oldest[0], 0, 0), (20, 20, 2), ()):
        told["version"] = older
        assert nodes.on_machine() is None
