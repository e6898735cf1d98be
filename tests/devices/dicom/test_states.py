"""What our side asks for after the association has ended."""

from unittest.mock import create_autospec

import pytest
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.dul import DULServiceProvider
from pynetdicom.fsm import InvalidEventError
from pynetdicom.pdu_primitives import A_ABORT, P_DATA

from quenotte.devices.dicom.states import States


@pytest.fixture
def upper_layer() -> DULServiceProvider:
    """The upper layer of an association that nobody started."""
    return DULServiceProvider(create_autospec(Association, instance=True, ae=AE()))


@pytest.mark.parametrize("state", ["Sta1", "Sta13"])
@pytest.mark.parametrize("event", ["Evt9", "Evt15"])
def test_an_answer_after_the_end_is_let_fall(
    upper_layer: DULServiceProvider, state: str, event: str
):
    states = States(upper_layer)
    states.current_state = state
    upper_layer.to_provider_queue.put(P_DATA())
    upper_layer.to_provider_queue.put(A_ABORT())

    states.do_action(event)
    states.do_action(event)

    assert upper_layer.to_provider_queue.empty()
    assert states.current_state == state


def test_an_answer_before_there_is_an_association_stays_an_error(
    upper_layer: DULServiceProvider,
):
    states = States(upper_layer)
    states.current_state = "Sta2"

    with pytest.raises(InvalidEventError):
        states.do_action("Evt9")
