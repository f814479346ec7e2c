"""Keep what the study's page says in words, around its numbers."""

HEAD = """# The study: what each defect fails by, and what good units are rejected for

Written by `python -m benchmarks.study --write`; do not edit it. The whole station tests simulated units in memory, on a
clock that is turned by hand. Every {shard} units at most meet a bench of their own: multimeter, oscilloscope, resistors,
relays and comparators are drawn anew, inside their specifications. What a unit deserves is known from the simulator's
truth, which the station never sees.

**{units} units** were tested for this page: {each} of each of the {defects} defects, {hurried} by the accelerated recipe,
and {sound} good or marginal ones; seed {seed}; limits {product} revision {revision}, digest `{digest}`.

The whole study, 500 of each defect and 20,000 good or marginal units, is `make study`: some hours of both cores, and it
goes on where it was broken off. `make study STUDY="--units-per-defect 2 --good 40"` is a small one. One unit again, with all
that its bench did to it and the other units on it: `python -m benchmarks.study --replay SEED SERIAL KIND`.
"""
DEFECTS = """## Which rows each defect fails by

A safety row that fails ends the run, so most units fail by few rows. *no output* stands for every row that failed because
nothing was there to measure any more. Rows that fewer than {rare:.0%} of the units fail by are left out.
"""
HURRIED = """## What the accelerated recipe cannot see

It hurries the unit's timer and does not wait the twenty minutes. A unit that gives up early for another reason than its
timer passes, a weak cell is told by its sag under the vibration motor alone, and a contact that opens once a minute may open
at no moment at which it is looked at. The certificate of that recipe names the rows that it leaves out and these three
faults, in the words below; any other defect that passes counts as an escape.
"""
MARGINAL = """## Good and marginal units: predicted and observed rejects

| production | what it is |
| --- | --- |
| good | a production in control |
| wide | every spread doubled |
| high | the current command 6 % too high |
| low | the current command 4 % too low |
| lower | 6 % too low: half of them fall below the 370 µA of CUR.313, whose nominal value of 390 µA is only 5 % above |
| wild | every spread four times as wide, for the rows that nothing smaller brings to their limits |

*Predicted* is the sum, over the units, of the probability that the true value plus an error of the stated u lies outside the
acceptance limits. The rows of a unit share their errors, so a whole unit has two bounds: its most probable row alone, and the
sum of its rows; *off* is how far outside them the observed rejects are, and may be 1 %. *1 % would show* is what that is worth:
the smallest common error of all currents by which the rejects of these units would be off by more. `wide`, `high` and `low`,
of which 5 to 20 % are rejected, see an error that is far smaller than what the limits leave; `good` sees only a large one.

A *wrong reject* deserves PASS and failed: between acceptance and tolerance limit that is what a guard band costs.
"""
ROWS = """## Row by row

All good and marginal units whose row was measured. *off* is observed less predicted, as a share of them; ± is one standard
deviation of what is predicted. A row behind a safety row sees only units that passed that, and shares its errors: it rejects
fewer than predicted when both have the same limits (CUR.310, .312 and .313 behind CUR.311).
"""
NONE = "There is none."
