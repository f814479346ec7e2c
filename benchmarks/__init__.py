"""How fast is it, beside a peer or a bound measured in the same run?"""
