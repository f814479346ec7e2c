"""Name the looks a document may have: what was issued is drawn again as it was, whatever newer ones look like.

1  before documents took two pages: proven by its record, and drawn by no version that is at hand
2  the reason of a row may touch its verdict; a long serial is cut in the head of the second page; places to sign may stand alone
3  the small print calls an accelerated shut-off proven that failed, and names the fixture's timer where it has none
4  none of these; the foot of a page without a stamp takes all its room
"""

LOOKS = 4
DRAWN = (2, 3, LOOKS)
OLDER = (1,)
