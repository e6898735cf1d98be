import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from quenotte.devices.sms.port import (
    Purpose,
    Reason,
    SmsTrouble,
    Text,
    check_purpose,
    check_recipient,
    check_sender,
)


def example(region, kind):
    """Return the plan's own example of a kind of number."""
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


MOBILE, FIXED = PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE


@pytest.mark.parametrize(
    "number", ["+33639981234", example("FR", MOBILE), example("RE", MOBILE), example("BE", MOBILE)]
)
def test_mobile_is_taken(number):
    check_recipient(number)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("0639981234", Reason.NUMBER),
        ("+33 6 39 98 12 34", Reason.NUMBER),
        ("+336399", Reason.NUMBER),
        ("", Reason.NUMBER),
        ("+33 06 39 98 12 34", Reason.NUMBER),
        ("+33000000000", Reason.NUMBER),
        (example("FR", FIXED), Reason.NOT_MOBILE),
        (example("FR", PhoneNumberType.TOLL_FREE), Reason.NOT_MOBILE),
    ],
)
def test_what_is_no_mobile_is_refused(number, reason):
    with pytest.raises(SmsTrouble) as caught:
        check_recipient(number)
    assert caught.value.reason is reason
    assert not caught.value.is_temporary


@pytest.mark.parametrize("sender", ["QUENOTTES", "Cabinet 44", "Dr-Durand", "36105"])
def test_sender_is_taken(sender):
    check_sender(sender)


@pytest.mark.parametrize(
    "sender",
    ["", "AB", "Cabinet des Quenottes", "0639981234", "+33639981", "Séné", "123456", "26105",
     " QUENOTTE", "QUENOTTE!", "12345678901"],
)  # fmt: skip
def test_sender_that_operators_stop_is_refused(sender):
    with pytest.raises(SmsTrouble) as caught:
        check_sender(sender)
    assert caught.value.reason is Reason.SENDER


def text(words, purpose):
    return Text("k", "+33639981234", "QUENOTTES", words, purpose)


def test_reminder_needs_no_stop():
    check_purpose(text("Votre rendez-vous de demain", Purpose.SERVICE))


@pytest.mark.parametrize("words", ["Promo STOP 36105", "Promo stop au 36105"])
def test_advertisement_says_how_to_stop_it(words):
    check_purpose(text(words, Purpose.MARKETING))


@pytest.mark.parametrize("words", ["Promo", "Promo STOP", "Promo STOP 12345"])
def test_advertisement_without_stop_is_refused(words):
    with pytest.raises(SmsTrouble) as caught:
        check_purpose(text(words, Purpose.MARKETING))
    assert caught.value.reason is Reason.NO_STOP
