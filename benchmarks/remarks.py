"""What must be said of the figures: what they mean, and why a target is missed."""

REMARKS = {}
