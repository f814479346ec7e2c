"""Say in words that a file or a folder cannot be used: it is no fault of the program, and somebody can mend it."""

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)
_MENDABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, *_FULL)


def unusable(error: BaseException) -> str:
    """Return what is wrong with which file and what to do, empty where `error` is about something else."""
    if not isinstance(error, OSError) or error.filename is None or error.errno not in _MENDABLE:
        return ""
    remedy = (
        "Make room there" if error.errno in _FULL else "Let the user who says this read and write there, or name another place"
    )
    return f"{error.filename}: {error.strerror}. {remedy}"
