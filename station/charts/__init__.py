"""How does a number become a picture, the same on paper and on a screen?"""
