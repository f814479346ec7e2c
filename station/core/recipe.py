"""Name the ways in which a product is tested: they differ in how its shut-off is timed, and so in what they can see."""

from enum import StrEnum


class Recipe(StrEnum):
    """How the shut-off is timed. A limit file names the recipes that a row belongs to; a row that names none belongs to all."""

    REAL_TIME = "real-time"  # once, in its own twenty minutes: what every unit gets unless somebody chooses otherwise
    ACCELERATED = "accelerated"  # with the unit's clock hurried: proves counter and cut-off, not the time itself
    SAMPLE = "sample"  # in real time, and once more with what a user may do meanwhile: the sample plan's


def belongs(recipes: tuple[str, ...], recipe: str) -> bool:
    """Return whether a row that names `recipes` is measured by `recipe`."""
    return not recipes or recipe in recipes
