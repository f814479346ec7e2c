"""Name the looks a document may have: what was issued is drawn again as it was, whatever newer ones look like.

1  before documents took two pages: proven by its record, and drawn by no version that is at hand
2  the reason of a row may touch its verdict; a long serial is cut in the head of the second page; places to sign may stand alone
3  the small print calls an accelerated shut-off proven that failed, and names the fixture's timer where it has none;
   up to here a reason stands as it is on record, whatever the terms
4  the foot of a page without a stamp takes all its room; what a third page needs for its last lines, it takes
5  none of these; set closer where that saves a page, and the end mark stands alone on none
"""

LOOKS = 5
DRAWN = (2, 3, 4, LOOKS)
OLDER = (1,)
