"""Does the station find every defect, and reject as many good units as its uncertainties predict, and no more?"""
