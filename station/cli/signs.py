"""Give each verdict its sign and its colour on a terminal: never the colour alone."""

SIGNS = {"PASS": "✔", "FAIL": "✘", "ERROR": "▲", "ABORTED": "■", "INCONCLUSIVE": "?"}
STYLES = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "ERROR": "bold magenta",
    "ABORTED": "bold yellow",
    "INCONCLUSIVE": "bold yellow",
}
