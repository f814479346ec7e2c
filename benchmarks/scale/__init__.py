"""What do processor and memory say of many slots, and of many units?"""
