"""Addresses of login, own account, accounts, drafts and the first installation."""

from django.urls import path

from quenotte.base.people.views import accounts, drafts, home, installation, login

app_name = "people"
_ACCOUNT = "cabinet/comptes/<uuid:person_id>/"
urlpatterns = [
    path("installation/", installation.installation, name="installation"),
    path("brouillons/", drafts.draft, name="draft"),
    path("cabinet/comptes/", accounts.accounts, name="accounts"),
    path("cabinet/comptes/nouveau/", accounts.new_account, name="new_account"),
    path(_ACCOUNT, accounts.account, name="account"),
    path(f"{_ACCOUNT}depart/", accounts.leave, name="leave"),
    path(f"{_ACCOUNT}retour/", accounts.come_back, name="come_back"),
    path(f"{_ACCOUNT}second-facteur/", accounts.reset_factors, name="reset_factors"),
    path(f"{_ACCOUNT}postes/<uuid:workstation_id>/code/", accounts.forget_pin, name="forget_pin"),
    path(f"{_ACCOUNT}mot-de-passe/", accounts.give_password, name="give_password"),
]

#: Addresses that Django and django-allauth know by these names, outside any namespace.
site_patterns = [
    path("", home.home, name="home"),
    path("connexion/", login.login, name="account_login"),
    path("deconnexion/", login.logout, name="account_logout"),
    path("compte-ferme/", login.closed, name="account_inactive"),
    path("mot-de-passe/", login.password, name="account_change_password"),
]
