import json

import pytest

from quenotte.devices.agents.osquery import answers
from quenotte.devices.agents.osquery.catalogue import VERSION, scheduled
from quenotte.devices.agents.osquery.options import ENDPOINTS, flags, options
from quenotte.devices.agents.osquery.tables import FORBIDDEN
from quenotte.kernel.posture.terms import Platform


def said(answer):
    assert (answer.status, answer.content_type) == (200, "application/json")
    return json.loads(answer.body)


def test_enrolment():
    assert said(answers.enrolled("CLEF")) == {"node_key": "CLEF", "node_invalid": False}
    assert said(answers.refused()) == {"node_invalid": True}
    assert said(answers.taken()) == {"node_invalid": False}


@pytest.mark.parametrize("platform", list(Platform))
def test_configuration(platform):
    told = said(answers.configuration(platform))
    word = {Platform.MACOS: "darwin"}.get(platform, platform.value)

    assert set(told) == {"node_invalid", "options", "schedule", "packs", "decorators"}
    assert set(told["schedule"]) == {query.name for query in scheduled(platform)}
    for entry in told["schedule"].values():
        assert set(entry) == {"query", "interval", "snapshot", "removed", "platform", "version"}
        assert entry["platform"] == word
        assert entry["snapshot"] is True
        assert entry["interval"] >= 3600
    assert told["options"]["schedule_epoch"] == VERSION


def test_options():
    told = options(epoch=7)

    assert {
        "config_refresh": 3600,
        "logger_tls_period": 60,
        "distributed_interval": 300,
        "schedule_epoch": 7,
        "logger_tls_compress": True,
        "disable_distributed": False,
        "disable_carver": True,
    }.items() <= told.items()
    assert str(told["disable_tables"]).split(",") == list(FORBIDDEN)


def test_flag_file_closes_the_tables_before_the_first_configuration():
    lines = flags(
        "supervision.example.org:8443",
        prefix="/agent/osquery",
        secret_path="secret.txt",
        authority_path="autorite.pem",
    ).splitlines()
    told = dict(line.removeprefix("--").split("=", 1) for line in lines)

    assert told["tls_hostname"] == "supervision.example.org:8443"
    assert told["host_identifier"] == "uuid"
    assert told["enroll_secret_path"] == "secret.txt"
    assert told["tls_server_certs"] == "autorite.pem"
    assert told["disable_tables"].split(",") == list(FORBIDDEN)
    assert told["disable_distributed"] == "false"
    assert {name: told[name] for name in ENDPOINTS} == {
        name: "/agent/osquery" + path for name, path in ENDPOINTS.items()
    }
    assert "schedule_epoch" not in told
    assert lines == sorted(lines)


def test_questions_are_of_the_catalogue():
    told = said(answers.questions({"q1": "linux.uptime"}, accelerate_s=60))

    assert told == {
        "queries": {"q1": "SELECT total_seconds FROM uptime"},
        "node_invalid": False,
        "accelerate": 60,
    }
    assert said(answers.questions()) == {"queries": {}, "node_invalid": False}
    assert said(answers.questions(accelerate_s=10**6))["accelerate"] == 600


def test_free_sql_is_no_question():
    with pytest.raises(KeyError):
        answers.questions({"q1": "SELECT * FROM file"})
