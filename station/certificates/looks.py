"""Name the looks a document may have: what was issued is drawn again as it was, whatever newer ones look like.

1  before documents took two pages: proven by its record, and drawn by no version that is at hand
2  the reason of a row may touch its verdict; a long serial is cut in the head of the second page; places to sign may stand alone
3  none of these
"""

LOOKS = 3
DRAWN = (2, LOOKS)
OLDER = (1,)
