"""How do people and programs drive the station from a terminal?"""

from station.cli.program import main

__all__ = ["main"]
