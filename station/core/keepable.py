"""Tell what can be kept as text: whoever types bytes that are no UTF-8 gets them as signs that no file and no store can hold."""


def unkept(text: str) -> str | None:
    """Return why `text` cannot be kept, or None when it can."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"{text!a} is no text: its sign {error.start + 1} cannot be written in UTF-8"
    return None
