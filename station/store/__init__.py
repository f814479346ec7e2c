"""How are results kept?"""
