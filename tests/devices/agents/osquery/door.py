"""A server that believes who holds its secret, for tests: it keeps what came."""

from collections.abc import Mapping

from quenotte.devices.agents.osquery import answers
from quenotte.devices.agents.osquery.fake import Reply
from quenotte.devices.agents.osquery.messages import Answers, Enroll, Log
from quenotte.devices.agents.osquery.reading import (
    read_answers,
    read_configure,
    read_enroll,
    read_log,
    read_poll,
)
from quenotte.kernel.posture.terms import Platform


class Door:
    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.keys = {"CLEF-1"}
        self.enrolments: list[Enroll] = []
        self.logs: list[Log] = []
        self.answers: list[Answers] = []
        self.asked: dict[str, str] = {}
        self.headers: list[Mapping[str, str]] = []
        #: Paths that take what comes, and whose answer then gets lost.
        self.losing: set[str] = set()

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        self.headers.append(headers)
        told = getattr(self, "_" + path.strip("/").replace("/", "_"))(
            body, headers.get("Authorization", "")
        )
        return Reply(504, b"") if path in self.losing else Reply(told.status, told.body)

    def _enroll(self, body: bytes, _authorization: str) -> answers.Answer:
        self.enrolments.append(read_enroll(body))
        if self.enrolments[-1].secret != "secret-d-essai":
            return answers.refused()
        return answers.enrolled("CLEF-1")

    def _config(self, body: bytes, authorization: str) -> answers.Answer:
        key = read_configure(body, authorization=authorization).node_key
        return answers.configuration(self.platform) if key in self.keys else answers.refused()

    def _log(self, body: bytes, authorization: str) -> answers.Answer:
        log = read_log(body, authorization=authorization)
        if log.node_key not in self.keys:
            return answers.refused()
        self.logs.append(log)
        return answers.taken()

    def _distributed_read(self, body: bytes, authorization: str) -> answers.Answer:
        key = read_poll(body, authorization=authorization).node_key
        return answers.questions(self.asked) if key in self.keys else answers.refused()

    def _distributed_write(self, body: bytes, authorization: str) -> answers.Answer:
        self.answers.append(read_answers(body, authorization=authorization))
        return answers.taken()
