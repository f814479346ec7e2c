"""How near does the line come to the shortest time in which its units can be tested at all?"""
