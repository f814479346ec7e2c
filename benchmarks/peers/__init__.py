"""What do others need for the same work?"""
