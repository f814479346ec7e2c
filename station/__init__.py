"""What does a factory need to test every unit at the end of the line and trust the result?"""

__version__ = "0.1.0"
