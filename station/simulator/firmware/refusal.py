"""How the fixture says no."""


class RefusedError(Exception):
    """A request was understood and refused: the protocol's `code`, and a text for people."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
