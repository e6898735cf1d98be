from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quenotte.devices.sms.port import Delivery, Reason, SmsTrouble, Text
from quenotte.devices.sms.simulator import Simulator

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
TEXT = Text("clef-1", "+33639981234", "QUENOTTES", "Votre rendez-vous du 3 avril.")


@pytest.fixture
def operator(tmp_path):
    return Simulator(tmp_path / "sms.sqlite3")


def refusal(operator, text, now=NOW):
    with pytest.raises(SmsTrouble) as caught:
        operator.send(text, now=now)
    return caught.value


def test_it_says_that_it_is_simulated(operator):
    assert operator.is_simulated


def test_message_arrives_a_little_later(operator):
    operator.send(TEXT, now=NOW)
    assert operator.report("clef-1", now=NOW).delivery is Delivery.ACCEPTED
    news = operator.report("clef-1", now=NOW + timedelta(minutes=1))
    assert news.delivery is Delivery.DELIVERED
    assert news.at > NOW


def test_unknown_key_has_no_news(operator):
    assert operator.report("autre", now=NOW) is None


@pytest.mark.parametrize(
    ("ending", "after", "delivery", "reason"),
    [
        ("00", timedelta(minutes=1), Delivery.FAILED, Reason.UNKNOWN_SUBSCRIBER),
        ("01", timedelta(hours=47), Delivery.ACCEPTED, None),
        ("01", timedelta(hours=49), Delivery.EXPIRED, Reason.ABSENT),
        ("02", timedelta(minutes=1), Delivery.FAILED, Reason.REFUSED_BY_OPERATOR),
    ],
)
def test_number_says_how_it_ends(operator, ending, after, delivery, reason):
    operator.send(replace(TEXT, recipient=f"+336399812{ending}"), now=NOW)
    news = operator.report("clef-1", now=NOW + after)
    assert (news.delivery, news.reason) == (delivery, reason)


def test_same_key_is_one_message_whoever_asks(operator, tmp_path):
    operator.send(TEXT, now=NOW)
    Simulator(tmp_path / "sms.sqlite3").send(TEXT, now=NOW + timedelta(hours=1))
    assert operator.report("clef-1", now=NOW + timedelta(minutes=1)).at < NOW + timedelta(minutes=1)


def test_same_key_with_another_text_is_refused(operator):
    operator.send(TEXT, now=NOW)
    assert refusal(operator, replace(TEXT, text="Autre chose")).reason is Reason.SAME_KEY


def test_too_many_at_once_are_asked_to_come_back(tmp_path):
    operator = Simulator(tmp_path / "sms.sqlite3", per_second=2)
    for number in range(2):
        operator.send(replace(TEXT, key=str(number)), now=NOW)
    trouble = refusal(operator, TEXT)
    assert (trouble.reason, trouble.is_temporary) == (Reason.THROTTLED, True)
    operator.send(TEXT, now=NOW + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recipient": "0639981234"}, Reason.NUMBER),
        ({"sender": "0639981234"}, Reason.SENDER),
        ({"text": "a" * 1000}, Reason.TOO_LONG),
    ],
)
def test_rules_are_kept_and_nothing_is_taken(operator, changes, reason):
    assert refusal(operator, replace(TEXT, **changes)).reason is reason
    assert operator.report("clef-1", now=NOW) is None


def test_neither_number_nor_text_is_kept(operator, tmp_path):
    operator.send(TEXT, now=NOW)
    content = (tmp_path / "sms.sqlite3").read_bytes()
    assert b"39981" not in content
    assert b"rendez-vous" not in content
