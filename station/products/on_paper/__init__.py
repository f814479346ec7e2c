"""How well will each row be known, before there is a unit to measure?"""
