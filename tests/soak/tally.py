"""Count what a soak did and what it found: numbers by name, and a sentence for each violation."""

import sys
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """What one part of the soak came to; it is clean when nothing violated an invariant."""

    part: str
    counts: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def count(self, name: str, by: int = 1) -> None:
        """Count `name`."""
        self.counts[name] += by

    def took(self, name: str, seconds: float) -> None:
        """Keep the longest `seconds` of what is called `name`."""
        self.longest[name] = max(seconds, self.longest.get(name, 0.0))

    def violate(self, where: str, sentence: str) -> None:
        """Put a violation on the list and say it at once: a soak is long."""
        self.violations.append(f"{where}: {sentence}")
        sys.stderr.write(f"VIOLATION  {where}: {sentence}\n")

    def add(self, other: "Tally") -> None:
        """Take in what another worker counted."""
        self.counts.update(other.counts)
        for name, seconds in other.longest.items():
            self.took(name, seconds)
        self.violations += other.violations

    def said(self) -> str:
        """Return the report: one line a count, then the violations."""
        lines = [f"== {self.part}"]
        lines += [f"{count:8d}  {name}" for name, count in sorted(self.counts.items())]
        lines += [f"{seconds:8.2f}  s at most: {name}" for name, seconds in sorted(self.longest.items())]
        lines += [f"{len(self.violations):8d}  violations", *(f"          {one}" for one in self.violations)]
        return "\n".join(lines) + "\n"
