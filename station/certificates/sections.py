"""Lay out the sections of a document as pieces: facts, failures, results, pictures, equipment, statements, signatures."""

from itertools import batched
