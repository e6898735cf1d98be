"""A practitioner who has read the templates of antibiotics."""

from quenotte.base.audit.rules import Actor
from quenotte.care.prescriptions import operations, queries


def read_models(actor: Actor, *codes: str) -> None:
    """Keep templates of ours as they are; all that wait to be read when none is named."""
    for one in queries.models_of(actor.own_practice_id):
        if one.is_unread and (not codes or one.code in codes):
            operations.save_model(
                actor=actor,
                code=one.code,
                expected_version=one.version,
                name=one.name,
                found=list(one.lines),
                remarks=one.remarks,
                is_active=True,
            )
