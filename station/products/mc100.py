"""Test the MC-100 microcurrent massager: biphasic pulses at 10 Hz, three levels, off by itself after 1170 s.

The order matters: what needs no output first; then one start, whose 20 minutes are the shut-off test, inside which everything
that needs the output is measured. Level changes and lift-offs come at 120 s and later, so that a timer restarted by one shows.
The accelerated recipe times no shut-off in real time: it changes the level while the timer is hurried, and cannot see what
`UNSEEN` names. Which rows a recipe must measure, the limit file says.
"""

from station.core.recipe import Recipe
from station.products.mc100_absence import while_charging, without_skin
from station.products.mc100_battery import asleep, battery, under_motor, working
from station.products.mc100_hurried import accelerated, accelerated_alone
from station.products.mc100_identity import identity, service_left
from station.products.mc100_output import (
    level_3,
    level_3_high_load,
    level_3_low_load,
    level_ratios,
    lower_levels,
    noise,
    shape,
)
from station.products.mc100_shut_off import pulses_until_off, shut_off, shut_off_again
from station.products.mc100_start import lift_off, soft_start, two_minutes
from station.sequencer.sequence import Sequence, Step
from station.sequencer.unit import Unit

BEFORE = (identity, battery, asleep, under_motor, without_skin, while_charging)
HIGHEST = (soft_start, shape, noise, level_3, level_3_low_load, level_3_high_load, working)
LEVELS = (lift_off, lower_levels, level_ratios)
OFF = (shut_off, pulses_until_off)


def finish(unit: Unit) -> None:
    """Leave the slot safe, whatever happened."""
    unit.nest.safe()


UNSEEN = (
    "a unit that stops early although its timer is right",
    "a weak cell whose voltage holds under the vibration motor",
    "a contact inside the unit that opens now and then",
)
"""What shows only in the twenty minutes that the accelerated recipe does not wait; the study holds it against what passes."""


def _by(recipe: Recipe, *steps: Step) -> Sequence:
    unseen = UNSEEN if recipe is Recipe.ACCELERATED else ()
    return Sequence("MC-100", "2.0.0", recipe, steps, finish, unseen)


SEQUENCES = {
    Recipe.REAL_TIME: _by(Recipe.REAL_TIME, *BEFORE, accelerated, *HIGHEST, two_minutes, *LEVELS, *OFF, service_left),
    Recipe.ACCELERATED: _by(Recipe.ACCELERATED, *BEFORE, accelerated_alone, *HIGHEST, *LEVELS, service_left),
    Recipe.SAMPLE: _by(Recipe.SAMPLE, *BEFORE, accelerated, *HIGHEST, two_minutes, *LEVELS, *OFF, shut_off_again, service_left),
}
SEQUENCE = SEQUENCES[Recipe.REAL_TIME]
"""What every unit gets unless somebody chooses otherwise."""
