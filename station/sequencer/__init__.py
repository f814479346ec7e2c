"""How is a test written, and how is it run?"""
