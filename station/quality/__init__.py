"""What do the records tell about product and line?"""
