"""Test the MC-100 microcurrent massager: biphasic pulses at 10 Hz, three levels, off by itself after 1170 s.

The order matters: what needs no output first; then one start, whose 20 minutes are the shut-off test, inside which everything
that needs the output is measured. Level changes and lift-offs come at 120 s and later, so that a timer restarted by one shows.
The accelerated recipe times no shut-off in real time: it changes the level while the timer is hurried, and cannot see a weak
cell or a unit that gives up early. Which rows a recipe must measure, the limit file says.
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


def _by(recipe: Recipe, *steps: Step) -> Sequence:
    return Sequence(product="MC-100", version="2.0.0", recipe=recipe, steps=steps, finish=finish)


SEQUENCES = {
    Recipe.REAL_TIME: _by(Recipe.REAL_TIME, *BEFORE, accelerated, *HIGHEST, two_minutes, *LEVELS, *OFF, service_left),
    Recipe.ACCELERATED: _by(Recipe.ACCELERATED, *BEFORE, accelerated_alone, *HIGHEST, *LEVELS, service_left),
    Recipe.SAMPLE: _by(Recipe.SAMPLE, *BEFORE, accelerated, *HIGHEST, two_minutes, *LEVELS, *OFF, shut_off_again, service_left),
}
SEQUENCE = SEQUENCES[Recipe.REAL_TIME]
"""What every unit gets unless somebody chooses otherwise."""
