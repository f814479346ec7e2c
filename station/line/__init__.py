"""How does a line of slots run?"""
