"""What would the bench say if it were here: units, loads, fixture and instruments in a process of their own?"""
