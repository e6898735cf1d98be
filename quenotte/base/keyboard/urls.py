"""Addresses of the lock, one's own account, proofs, reasons and rules."""

from django.urls import path

from quenotte.base.audit.access import use_prover
from quenotte.base.keyboard.views import grants, lock, own, proofs, proving, rules, second_step

# The doors stand below this room and cannot know its pages.
use_prover(proving.ask)

app_name = "keyboard"
urlpatterns = [
    # What the door answers while it is locked: see ``door.LOCK_PREFIX``.
    path("verrou/", lock.lock, name="lock"),
    path("verrou/poser/", lock.put, name="put"),
    path("verrou/presence/", lock.presence, name="presence"),
    path("verrou/inactif/", lock.idle, name="idle"),
    path("verrou/ouvrir/", lock.unlock, name="unlock"),
    path("verrou/cle/", lock.passkey, name="unlock_passkey"),
    path("verrou/autre/", lock.other, name="other"),
    path("mon-compte/", own.own, name="own"),
    path("mon-compte/code/", own.pin, name="pin"),
    path("mon-compte/application/", own.application, name="application"),
    path("mon-compte/cle/", own.passkey, name="passkey"),
    path("mon-compte/facteurs/<int:factor_id>/retirer/", own.remove, name="remove_factor"),
    path("mon-compte/codes/", own.codes, name="codes"),
    path("preuve/", proofs.proof, name="proof"),
    path("preuve/cle/", proofs.passkey, name="proof_passkey"),
    path("raison/", proofs.reason, name="reason"),
    path("cabinet/comptes/regles/", rules.rules, name="rules"),
    path("cabinet/acces/<uuid:grant_id>/relu/", grants.review, name="review_grant"),
]

#: Addresses that django-allauth knows by these names, outside any namespace.
site_patterns = [
    path("connexion/verification/", second_step.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", second_step.passkey_login, name="mfa_login_webauthn"),
]
