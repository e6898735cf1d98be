"""The client against a real server (aiosmtpd) on a loopback port."""

import ssl
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from quenotte.devices.mail.accounts import Account, Security
from quenotte.devices.mail.client import check, send
from quenotte.devices.mail.letters import Letter
from quenotte.devices.mail.troubles import Cause, MailTrouble
from tests.support import mail_servers
from tests.support.installations import free_port
from tests.support.mail_servers import PASSWORD, USER, Mood, serving

pytestmark = pytest.mark.real_clock

LETTER = Letter(
    sender="rappels@quenottes.example",
    sender_name="Cabinet des Quenottes",
    recipient="marie@courriel.example",
    subject="Votre rendez-vous du 3 avril à 14h30",
    text="Bonjour Chloé,\n\nÀ bientôt.\n.\nUn point seul ne coupe rien.\n",
    identifier="3f2@quenottes.example",
    written_at=datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Europe/Paris")),
    unsubscribe_url="https://rappels.quenottes.example/r/x/arret/",
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return mail_servers.authority(tmp_path_factory.mktemp("authority"))


def account(port, security=Security.NONE, **changes):
    return Account("127.0.0.1", port, security, timeout_s=5, **changes)


def trouble_of(call, *args, **kwargs):
    with pytest.raises(MailTrouble) as caught:
        call(*args, **kwargs)
    return caught.value


def test_letter_arrives_whole():
    with serving() as post:
        send(account(post.port), LETTER)
    (letter,), (peer,) = post.letters, post.peers
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == "Cabinet des Quenottes <rappels@quenottes.example>"
    assert letter["Message-ID"] == "<3f2@quenottes.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    assert peer["to"] == ["marie@courriel.example"]


def test_starttls_with_a_login_is_sealed_before_the_password(authority):
    with serving(starttls=authority.server(), login=True) as post:
        reached = account(post.port, Security.STARTTLS, user=USER, password=PASSWORD)
        check(reached, context=authority.client())
        send(reached, LETTER, context=authority.client())
    assert post.peers[0]["tls"]
    assert post.peers[0]["login"]


def test_tls_from_the_first_byte(authority):
    with serving(tls=authority.server(), login=True) as post:
        send(
            account(post.port, Security.TLS, user=USER, password=PASSWORD),
            LETTER,
            context=authority.client(),
        )
    assert len(post.letters) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_certificate_that_nobody_vouches_for_is_refused(authority, security):
    mine = authority.server()
    sides = {"tls": mine} if security is Security.TLS else {"starttls": mine}
    with serving(**sides) as post:
        trouble = trouble_of(send, account(post.port, security), LETTER)
    assert trouble.cause is Cause.CERTIFICATE
    assert not trouble.is_temporary
    assert trouble.is_of_the_server
    assert post.letters == []


def test_certificate_of_another_name_is_refused(tmp_path):
    other = mail_servers.authority(tmp_path, name="autre.example")
    with serving(starttls=other.server()) as post:
        trouble = trouble_of(
            send, account(post.port, Security.STARTTLS), LETTER, context=other.client()
        )
    assert trouble.cause is Cause.CERTIFICATE


def test_server_without_starttls_gets_neither_password_nor_letter():
    with serving() as post:
        trouble = trouble_of(
            send, account(post.port, Security.STARTTLS, user=USER, password=PASSWORD), LETTER
        )
    assert trouble.cause is Cause.NO_TLS
    assert post.letters == []


def test_plain_server_where_tls_is_expected():
    with serving() as post:
        assert trouble_of(send, account(post.port, Security.TLS), LETTER).cause in {
            Cause.NO_TLS,
            Cause.TIMEOUT,
        }


def test_wrong_password_is_told_and_final(authority):
    with serving(starttls=authority.server(), login=True) as post:
        wrong = account(post.port, Security.STARTTLS, user=USER, password="faux")
        trouble = trouble_of(check, wrong, context=authority.client())
    assert (trouble.cause, trouble.code, trouble.is_temporary) == (Cause.LOGIN, 535, False)
    assert trouble.is_of_the_server


def test_accented_password_is_no_crash(authority):
    with serving(starttls=authority.server(), login=True) as post:
        wrong = account(post.port, Security.STARTTLS, user=USER, password="été")
        assert trouble_of(check, wrong, context=authority.client()).cause is Cause.LOGIN


def test_login_asked_of_a_server_that_knows_none():
    with serving() as post:
        trouble = trouble_of(check, account(post.port, user=USER, password=PASSWORD))
    assert trouble.cause is Cause.NO_LOGIN


@pytest.mark.parametrize(
    ("mood", "cause", "code", "is_temporary"),
    [
        (Mood(mail=["550 5.7.1 not yours"]), Cause.SENDER, 550, False),
        (Mood(mail=["451 4.3.0 later"]), Cause.SENDER, 451, True),
        (Mood(rcpt=["550 5.1.1 unknown"]), Cause.RECIPIENT, 550, False),
        (Mood(rcpt=["450 4.2.0 greylisted"]), Cause.BUSY, 450, True),
        (Mood(rcpt=["452 4.2.2 full"]), Cause.MAILBOX_FULL, 452, True),
        (Mood(rcpt=["552 5.2.2 full"]), Cause.MAILBOX_FULL, 552, False),
        (Mood(data=["554 5.7.1 spam"]), Cause.CONTENT, 554, False),
        (Mood(data=["451 4.3.0 later"]), Cause.BUSY, 451, True),
    ],
)
def test_refusal_says_who_is_meant_and_whether_to_come_back(mood, cause, code, is_temporary):
    with serving(mood=mood) as post:
        trouble = trouble_of(send, account(post.port), LETTER)
        assert (trouble.cause, trouble.code, trouble.is_temporary) == (cause, code, is_temporary)
        assert not trouble.is_uncertain
        send(account(post.port), LETTER)
    assert len(post.letters) == 1


def test_line_cut_after_the_content_is_uncertain():
    with serving(mood=Mood(drops_in_data=True)) as post:
        trouble = trouble_of(send, account(post.port), LETTER)
    assert trouble.is_uncertain
    assert trouble.is_temporary
    assert len(post.letters) == 1


def test_line_cut_before_the_content_is_certain():
    with serving(mood=Mood(drops_at_rcpt=True)) as post:
        trouble = trouble_of(send, account(post.port), LETTER)
    assert trouble.cause is Cause.DROPPED
    assert not trouble.is_uncertain


def test_slow_server_is_left_after_the_timeout():
    with serving(mood=Mood(slow_s=3)) as post:
        slow = Account("127.0.0.1", post.port, Security.NONE, timeout_s=0.3)
        trouble = trouble_of(send, slow, LETTER)
    assert trouble.cause is Cause.TIMEOUT
    assert trouble.is_of_the_server


def test_nobody_listens():
    trouble = trouble_of(send, account(free_port()), LETTER)
    assert (trouble.cause, trouble.is_temporary) == (Cause.UNREACHABLE, True)


def test_name_that_no_directory_knows(monkeypatch):
    def unknown(*_args, **_kwargs):
        import socket

        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.create_connection", unknown)
    trouble = trouble_of(send, Account("nulle.part.example", 587, Security.STARTTLS), LETTER)
    assert (trouble.cause, trouble.is_temporary) == (Cause.UNKNOWN_HOST, True)


@pytest.mark.parametrize(
    ("greeting", "cause"),
    [(b"554 no service\r\n", Cause.UNREACHABLE), (b"421 too many\r\n", Cause.UNREACHABLE)],
)
def test_server_that_sends_us_away_at_the_door(greeting, cause):
    def turn_away(_heard, said):
        said.write(greeting)

    with mail_servers.answering(turn_away) as port:
        trouble = trouble_of(send, account(port), LETTER)
    assert trouble.cause is cause
    assert trouble.is_temporary == greeting.startswith(b"4")


def test_server_that_is_no_mail_server():
    def web(_heard, said):
        said.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with mail_servers.answering(web) as port:
        assert trouble_of(send, account(port), LETTER).cause in {Cause.UNREACHABLE, Cause.DROPPED}


def _greet(heard, said):
    said.write(b"220 hello\r\n")
    heard.readline()
    said.write(b"250 post.example\r\n")
    heard.readline()


def test_server_that_breaks_off_at_noop():
    with mail_servers.answering(_greet) as port:
        assert trouble_of(check, account(port)).cause is Cause.DROPPED


def test_nonsense_instead_of_a_code():
    def mumble(heard, said):
        _greet(heard, said)
        said.write(b"?? hm\r\n")
        heard.readline()

    with mail_servers.answering(mumble) as port:
        trouble = trouble_of(send, account(port), LETTER)
    assert (trouble.cause, trouble.is_temporary) == (Cause.DROPPED, True)


def test_clear_text_never_leaves_this_machine():
    outside = Account("192.0.2.7", 25, Security.NONE)
    trouble = trouble_of(send, outside, LETTER)
    assert trouble.cause is Cause.CLEAR_TEXT
    assert not trouble.is_temporary


def test_address_that_is_none_is_refused_before_any_socket():
    from dataclasses import replace

    nowhere = account(free_port())
    bad = replace(LETTER, recipient="marie@courriel.example\r\nRCPT TO:<x@y.example>")
    assert trouble_of(send, nowhere, bad).cause is Cause.ADDRESS
    injected = replace(LETTER, subject="Bonjour\r\nBcc: tous@courriel.example")
    assert trouble_of(send, nowhere, injected).cause is Cause.CONTENT


def test_other_failures_of_tls_say_so(authority):
    old = ssl.create_default_context(cafile=str(authority.certificate))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    server = authority.server()
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    with serving(starttls=server) as post:
        trouble = trouble_of(send, account(post.port, Security.STARTTLS), LETTER, context=old)
    assert trouble.cause in {Cause.NO_TLS, Cause.DROPPED, Cause.UNREACHABLE}
