from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "quenotte.base"
    label = "base"
    verbose_name = "Socle"

    def ready(self) -> None:
        """Wire what the kit asks for, and the lines of each login."""
        self._offer_pages()
        self._note_logins()
        self._guard_keyboards()

    def _offer_pages(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from quenotte.base.keyboard import panels as keyboard
        from quenotte.base.people.access import may_request
        from quenotte.web import panels
        from quenotte.web.navigation import NavItem, register, use_permissions

        use_permissions(may_request)
        panels.register("shell", "person", 10, keyboard.own_account)
        panels.register("shell", "person", 20, keyboard.lock_button)
        panels.register("home", "main", 5, keyboard.to_review)
        register(NavItem("home", _("Aujourd’hui"), "house", "home", "home.read", 10))
        register(
            NavItem(
                "practice", _("Cabinet"), "building-2", "practice:cabinet", "practice.manage", 80
            )
        )

    def _note_logins(self) -> None:
        # These are signals of Django, allauth and axes: there is no other way to hear them.
        from allauth.account.signals import user_logged_in
        from allauth.mfa.signals import authentication_failed
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in as auth_logged_in
        from django.contrib.auth.signals import user_logged_out, user_login_failed

        from quenotte.base.keyboard import logins
        from quenotte.base.people import access

        authentication_failed.connect(logins.note_wrong_code, dispatch_uid="factor")
        auth_logged_in.connect(logins.note_opening, dispatch_uid="sitting")
        user_logged_in.connect(logins.note_full_login, dispatch_uid="factor")
        user_logged_out.connect(logins.note_closing, dispatch_uid="sitting")
        user_logged_in.connect(access.note_login, dispatch_uid="journal")
        user_logged_out.connect(access.note_logout, dispatch_uid="journal")
        user_login_failed.connect(access.note_failure, dispatch_uid="journal")
        user_locked_out.connect(access.note_lockout, dispatch_uid="journal")

    def _guard_keyboards(self) -> None:
        from quenotte.base.keyboard.access import is_locked, may_listen
        from quenotte.base.keyboard.operations import refuse_elsewhere
        from quenotte.base.live.access import Keyboard, use_keyboard

        use_keyboard(Keyboard(may_listen, is_locked, refuse_elsewhere))
