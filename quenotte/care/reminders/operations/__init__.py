"""What changes about messages: planned, sent, answered; and the calendars of telephones."""

from quenotte.care.reminders.operations.answers import (
    AlreadyAnswered,
    Invitation,
    LinkOver,
    NotAMessage,
    Standing,
    answer,
    invitation,
    mark_seen,
    refuse_more,
)
from quenotte.care.reminders.operations.feeds import (
    NotTheirs,
    Opened,
    close_feed,
    open_feed,
    read_feed,
)
from quenotte.care.reminders.operations.news import collect_reports, forget_old
from quenotte.care.reminders.operations.planning import plan
from quenotte.care.reminders.operations.resending import CannotResend, NotOverYet, send_again
from quenotte.care.reminders.operations.sending import send_due
from quenotte.care.reminders.operations.settings import (
    BadSmsSender,
    ClearTextRefused,
    NotReady,
    SettingsChanged,
    Trial,
    save_settings,
    try_mail,
)
from quenotte.care.reminders.operations.templates import BadWords, WordsChanged, save_template

__all__ = [
    "AlreadyAnswered",
    "BadSmsSender",
    "BadWords",
    "CannotResend",
    "ClearTextRefused",
    "Invitation",
    "LinkOver",
    "NotAMessage",
    "NotOverYet",
    "NotReady",
    "NotTheirs",
    "Opened",
    "SettingsChanged",
    "Standing",
    "Trial",
    "WordsChanged",
    "answer",
    "close_feed",
    "collect_reports",
    "forget_old",
    "invitation",
    "mark_seen",
    "open_feed",
    "plan",
    "read_feed",
    "refuse_more",
    "save_settings",
    "save_template",
    "send_again",
    "send_due",
    "try_mail",
]
