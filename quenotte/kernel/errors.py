"""What we decline to do, as opposed to what went wrong."""


class Refusal(Exception):
    """Something declined on purpose, told to a person; the base of every expected error.

    ``message`` says in French what happened, ``next_step`` what to do about it; a subclass may
    give both once as class attributes. Lazy translations are kept as they are, and become
    text only when shown.
    """

    message: object = ""
    next_step: object = ""

    def __init__(self, message: object = None, *, next_step: object = None) -> None:
        if message is not None:
            self.message = message
        if next_step is not None:
            self.next_step = next_step
        super().__init__(self.message)

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.message), str(self.next_step))))
