"""How does a run's record become a document that a customer can trust?"""
