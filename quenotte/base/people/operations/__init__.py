"""What changes about the people of a practice and about what they are typing."""

from quenotte.base.people.operations.accounts import (
    AccountChanged,
    LastManager,
    UsernameTaken,
    change_account,
    come_back,
    create_account,
    leave,
    reset_factors,
    stamp_of,
)
from quenotte.base.people.operations.drafts import discard_draft, purge_drafts, save_draft
from quenotte.base.people.operations.installation import AlreadyInstalled, WrongCode, install
from quenotte.base.people.operations.passwords import NoSuchAccount, choose_password, give_password

__all__ = [
    "AccountChanged",
    "AlreadyInstalled",
    "LastManager",
    "NoSuchAccount",
    "UsernameTaken",
    "WrongCode",
    "change_account",
    "choose_password",
    "come_back",
    "create_account",
    "discard_draft",
    "give_password",
    "install",
    "leave",
    "purge_drafts",
    "reset_factors",
    "save_draft",
    "stamp_of",
]
