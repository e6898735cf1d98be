import gzip
import json
from dataclasses import replace

import pytest

from quenotte.devices.agents.errors import NotUnderstood, Reason
from quenotte.devices.agents.osquery.messages import (
    Action,
    Answered,
    Answers,
    Configure,
    Enroll,
    Log,
    Poll,
    Result,
    Stats,
    Status,
)
from quenotte.devices.agents.osquery.reading import (
    key_near,
    node_key_of,
    read_answers,
    read_configure,
    read_enroll,
    read_log,
    read_poll,
)
from quenotte.kernel.posture.terms import Platform

HEAD = {
    "name": "linux.uptime",
    "hostIdentifier": "HOTE",
    "calendarTime": "Tue Mar 17 08:30:00 2026 UTC",
    "unixTime": 1773736200,
    "epoch": 1,
    "counter": 0,
    "numerics": False,
    "decorations": {"canari": "lerouge"},
}
RESULT = Result("linux.uptime", "HOTE", 1773736200, 1, 0, Action.SNAPSHOT, ())


def body(**fields):
    return json.dumps(fields).encode()


def log_of(*lines, kind="result", **fields):
    return read_log(body(node_key="CLEF", log_type=kind, data=list(lines), **fields))


def refusal(read, raw, **options):
    with pytest.raises(NotUnderstood) as caught:
        read(raw, **options)
    return caught.value.reason


def test_enroll():
    raw = body(
        enroll_secret="SECRET",
        host_identifier="HOTE",
        platform_type="9",
        host_details={
            "os_version": {"name": "Debian", "major": 12},
            "system_info": {"uuid": "x"},
            "autre": {"canari": "lerouge"},
        },
    )

    assert read_enroll(raw) == Enroll(
        "SECRET",
        "HOTE",
        Platform.LINUX,
        {"os_version": {"name": "Debian", "major": "12"}, "system_info": {"uuid": "x"}},
    )


def test_enroll_of_a_number_and_without_details():
    assert read_enroll(body(enroll_secret="S", platform_type=2)) == Enroll(
        "S", "", Platform.WINDOWS, {}
    )


@pytest.mark.parametrize("read", [read_configure, read_poll])
def test_key_is_in_the_body_or_above_it(read):
    message = {read_configure: Configure, read_poll: Poll}[read]

    assert read(body(node_key="CLEF")) == message("CLEF")
    assert read(body(), authorization="NodeKey CLEF") == message("CLEF")
    assert read(body(node_key="CLEF"), authorization="NodeKey CLEF") == message("CLEF")
    assert read(body()) == message("")
    assert refusal(read, body(node_key="A"), authorization="NodeKey B") is Reason.WRONG_SHAPE


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("NodeKey abc", "abc"),
        ("nodekey  abc ", "abc"),
        ("Bearer abc", ""),
        ("", ""),
        ("NodeKey", ""),
    ],
)
def test_header_of_a_key(header, key):
    assert node_key_of(header) == key


def test_snapshot():
    log = log_of({**HEAD, "snapshot": [{"total_seconds": 7}], "action": "snapshot"})

    assert log == Log("CLEF", (replace(RESULT, rows=({"total_seconds": "7"},)),))


@pytest.mark.parametrize("line", [HEAD, {**HEAD, "snapshot": ""}, {**HEAD, "action": "snapshot"}])
def test_empty_snapshot_in_each_of_its_forms(line):
    assert log_of(line).results == (RESULT,)


def test_events():
    added = {**HEAD, "columns": {"a": "1"}, "action": "added", "counter": "4"}
    removed = {**HEAD, "columns": {"a": "2"}, "action": "removed"}

    assert log_of(added, removed).results == (
        replace(RESULT, action=Action.ADDED, counter=4, rows=({"a": "1"},)),
        replace(RESULT, action=Action.REMOVED, rows=({"a": "2"},)),
    )


def test_batch_of_differences():
    line = {**HEAD, "diffResults": {"added": [{"a": "1"}, {"a": "2"}], "removed": [{"a": "0"}]}}

    assert [(one.action, len(one.rows)) for one in log_of(line).results] == [
        (Action.REMOVED, 1),
        (Action.ADDED, 2),
    ]
    assert log_of({**HEAD, "diffResults": {"added": "", "removed": ""}}).results == ()


def test_status():
    line = {
        "hostIdentifier": "HOTE",
        "calendarTime": "x",
        "unixTime": "1773736200",
        "severity": "2",
        "filename": "scheduler.cpp",
        "line": "106",
        "message": "x" * 5000,
        "version": "5.12.1",
    }

    assert log_of(line, kind="status").statuses == (
        Status(2, "scheduler.cpp", 106, "x" * 2000, "5.12.1", "HOTE", 1773736200),
    )


def test_line_that_cannot_be_read_is_dropped_and_counted():
    log = log_of(
        {"snapshot": []},
        "mot",
        {**HEAD, "columns": {}, "action": "mue"},
        {**HEAD, "unixTime": "hier"},
        {**HEAD, "snapshot": [{str(number): "" for number in range(41)}]},
        {**HEAD, "snapshot": [{}] * 20_001},
        HEAD,
    )

    assert (log.dropped, log.results) == (6, (RESULT,))


def test_log_may_be_packed():
    raw = gzip.compress(body(node_key="CLEF", log_type="result", data=[HEAD]))

    assert read_log(raw).results == (RESULT,)
    assert refusal(read_log, raw, most_bytes=50) is Reason.TOO_BIG


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"log_type": "autre", "data": []}, Reason.UNKNOWN_QUESTION),
        ({"data": []}, Reason.UNKNOWN_QUESTION),
        ({"log_type": "result", "data": {}}, Reason.WRONG_SHAPE),
        ({"log_type": "result", "data": [{}] * 4097}, Reason.TOO_MANY),
    ],
)
def test_log_of_another_shape_is_refused(fields, reason):
    assert refusal(read_log, body(node_key="CLEF", **fields)) is reason


def test_answers():
    raw = body(
        node_key="CLEF",
        queries={"a": [{"x": 1}], "b": "", "c": []},
        statuses={"a": 0, "b": 1},
        messages={"b": "no such table"},
        stats={"a": {"wall_time_ms": 3, "user_time": 1, "system_time": 2, "memory": 4096}},
    )

    assert read_answers(raw) == Answers(
        "CLEF",
        {
            "a": Answered(({"x": "1"},), 0, "", Stats(3, 1, 2, 4096)),
            "b": Answered((), 1, "no such table"),
            "c": Answered(()),
        },
    )


def test_failed_question_may_be_absent_from_the_answers():
    assert read_answers(body(node_key="C", statuses={"a": 1})).answers == {"a": Answered((), 1)}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"queries": {str(number): [] for number in range(65)}}, Reason.TOO_MANY),
        ({"queries": {"a": [{}] * 20_001}}, Reason.TOO_MANY),
        ({"queries": {"a": ["mot"]}}, Reason.WRONG_SHAPE),
        ({"queries": []}, None),
        ({"queries": [1]}, Reason.WRONG_SHAPE),
        ({"queries": {"a": []}, "statuses": {"a": "mal"}}, Reason.WRONG_SHAPE),
    ],
)
def test_answers_of_another_shape_are_refused(fields, reason):
    raw = body(node_key="CLEF", **fields)
    if reason is None:
        assert read_answers(raw).answers == {}
    else:
        assert refusal(read_answers, raw) is reason


@pytest.mark.parametrize("read", [read_enroll, read_configure, read_log, read_poll, read_answers])
@pytest.mark.parametrize(("raw", "reason"), [(b"", Reason.NOT_JSON), (b"[]", Reason.WRONG_SHAPE)])
def test_what_is_no_message_is_refused(read, raw, reason):
    assert refusal(read, raw) is reason


def test_line_that_was_sent_twice_has_the_same_key():
    line = {**HEAD, "snapshot": [{"b": "1", "a": "2"}]}
    again = {**HEAD, "snapshot": [{"a": "2", "b": "1"}]}
    one, two = log_of(line, again).results

    assert one.key("N") == two.key("N")


def test_other_lines_have_other_keys():
    lines = [
        {**HEAD, "snapshot": [{"a": "1"}]},
        # No counter tells one snapshot from the next.
        {**HEAD, "snapshot": [{"a": "1"}], "unixTime": 1773739800},
        {**HEAD, "snapshot": [{"a": "2"}]},
        {**HEAD, "snapshot": [{"a": "1"}], "epoch": 2},
        {**HEAD, "snapshot": [{"a": "1"}], "counter": 1},
        {**HEAD, "snapshot": [{"a": "1"}], "name": "linux.disks"},
        # Rows that were added together have one counter, and a line each.
        {**HEAD, "columns": {"a": "1"}, "action": "added"},
        {**HEAD, "columns": {"a": "2"}, "action": "added"},
        {**HEAD, "columns": {"a": "2"}, "action": "removed"},
    ]
    keys = {line.key("N") for line in log_of(*lines).results}

    assert len(keys) == len(lines)
    assert log_of(HEAD).results[0].key("N") != log_of(HEAD).results[0].key("AUTRE")


@pytest.mark.parametrize(
    ("body", "authorization", "key"),
    [
        (b'{"node_key": "k-1", "data": []}', "", "k-1"),
        (b'{"data":["' + b"x" * 9_000 + b'"],\n "node_key" : "k-1"}', "", "k-1"),
        (b'{"node_key":"k-1"}', "NodeKey k-2", "k-2"),
        (b'{"node_key":"k-1"}', "Bearer k-2", "k-1"),
        (gzip.compress(b'{"node_key":"k-1","data":["' + b"x" * 9_000 + b'"]}', mtime=0), "", "k-1"),
        (b'{"data":["' + b"x" * 5_000 + b'"],"node_key":"k","a":"' + b"x" * 5_000 + b'"}', "", ""),
        (b'{"data":["say \\"node_key\\":\\"k-1\\""]}', "", ""),
        (b'{"node_key":""}', "", ""),
        (b"\xff\xfe", "", ""),
    ],
)
def test_key_is_found_before_the_rest_is_read(body, authorization, key):
    assert key_near(body, authorization) == key
