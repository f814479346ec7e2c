"""What is a unit, physically: pure functions of time, no I/O and no clock of its own."""
