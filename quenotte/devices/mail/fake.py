"""A server of letters that exists in memory only: it keeps what it is given, and its moods."""

from collections import deque

from quenotte.devices.mail.accounts import Account
from quenotte.devices.mail.letters import Letter
from quenotte.devices.mail.troubles import MailTrouble


class Postbox:
    """Takes the place of ``client.send``: ``troubles`` are met in their order, then all goes."""

    def __init__(self, *troubles: MailTrouble | None) -> None:
        self.troubles = deque(troubles)
        self.letters: list[Letter] = []
        self.accounts: list[Account] = []

    def send(self, account: Account, letter: Letter) -> None:
        """Keep the letter, or raise the next trouble; an uncertain one keeps it as well."""
        self.accounts.append(account)
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is None or trouble.is_uncertain:
            letter.as_message()
            self.letters.append(letter)
        if trouble is not None:
            raise trouble
