"""How do people and programs drive the station from a terminal?"""

from station.cli.app import main

__all__ = ["main"]
