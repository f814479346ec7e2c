"""How does a file outlive a power cut?"""
