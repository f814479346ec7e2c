"""Say what holds of a document, one finding a sentence."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `holds` is None where it could not be told; `said` is a sentence."""

    what: str
    holds: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a document; `notes` are what a reader must know even of one that holds."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    number: str = ""
    serial: str = ""
    verdict: str = ""
    code: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the document is what the station issued: something was looked at, and nothing spoke against it."""
        return bool(self.findings) and all(finding.holds is not False for finding in self.findings)

    def also(self, finding: Finding) -> "Report":
        """Return the report with one finding more."""
        return replace(self, findings=(*self.findings, finding))


def broken(what: str, why: str) -> Report:
    """Return the report on what is no document at all."""
    return Report((Finding(what, False, why),))
