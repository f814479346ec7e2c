"""Print the makespans alone: python -m benchmarks.makespan."""

from benchmarks.makespan.figures import run

run()
