"""What do the words of the field mean? Pure values and rules: no I/O, no thread, no clock."""
