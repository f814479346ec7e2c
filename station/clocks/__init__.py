"""Which clock drives the line?"""
