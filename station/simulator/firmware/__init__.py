"""What does the fixture's controller do with a request?"""
