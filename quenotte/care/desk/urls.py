"""Addresses of calls, tasks, callbacks and pinned words."""

from django.urls import path

from quenotte.care.desk.views import board, callbacks, calls, kinds, tasks, today

app_name = "desk"
_TASK = "a-faire/<uuid:task_id>/"
_CALLBACK = "a-rappeler/<uuid:callback_id>/"
_KIND = "cabinet/appels/<uuid:kind_id>/"
_CALL = "appels/<uuid:call_id>/"
_WORD = "mots/<uuid:note_id>/"

urlpatterns = [
    path("aujourdhui/<slug:name>/", today.panel, name="panel"),
    path("appels/", calls.calls, name="calls"),
    path("appels/boutons/", calls.buttons, name="buttons"),
    path("appels/son/", calls.mute, name="mute"),
    path("appels/envoi/<uuid:kind_id>/", calls.send, name="send"),
    path(f"{_CALL}reponse/", calls.answer, name="answer"),
    path(f"{_CALL}retrait/", calls.withdraw, name="withdraw"),
    path(f"{_CALL}rangement/", calls.put_away, name="put_away"),
    path("cabinet/appels/", kinds.kinds, name="kinds"),
    path("cabinet/appels/habituels/", kinds.usual, name="usual_kinds"),
    path(_KIND, kinds.change, name="change_kind"),
    path(f"{_KIND}ordre/", kinds.move, name="move_kind"),
    path(f"{_KIND}retrait/", kinds.remove, name="remove_kind"),
    path(f"{_KIND}retour/", kinds.restore, name="restore_kind"),
    path("a-faire/", tasks.tasks, name="tasks"),
    path("a-faire/compte/", tasks.badge, name="badge"),
    path("a-faire/patients/", tasks.patients, name="patients"),
    path(_TASK, tasks.task, name="task"),
    path(f"{_TASK}fait/", tasks.finish, name="finish"),
    path(f"{_TASK}reprise/", tasks.reopen, name="reopen"),
    path(f"{_TASK}commentaire/", tasks.comment, name="comment"),
    path("a-rappeler/", callbacks.callbacks, name="callbacks"),
    path(_CALLBACK, callbacks.callback, name="callback"),
    path(f"{_CALLBACK}essai/", callbacks.note_try, name="note_try"),
    path(f"{_CALLBACK}fait/", callbacks.finish, name="finish_callback"),
    path(f"{_CALLBACK}reprise/", callbacks.reopen, name="reopen_callback"),
    path("mots/", board.words, name="words"),
    path(f"{_WORD}lu/", board.read, name="read_word"),
    path(f"{_WORD}retrait/", board.take_down, name="take_down"),
    path(f"{_WORD}retour/", board.put_back, name="put_back"),
]
