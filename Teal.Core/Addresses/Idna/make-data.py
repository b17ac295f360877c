#!/usr/bin/env python3
"""Writes idna.txt anew, from the Unicode tables that come with Python and pip.

    python3 make-data.py > idna.txt

Python 3.13 has Unicode 15.1, and so has the package "idna" 3.7 that its pip brings. Both must be of one version.
"""

import unicodedata

from pip._vendor.idna import idnadata, uts46data

VERSION = unicodedata.unidata_version
assert VERSION == uts46data.__version__ == idnadata.__version__, "the tables are of different versions"

# What the rule for text that runs from right to left (RFC 5893) tells apart.
BIDI = {"L", "R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"}

HEADER = f"""\
# How domain names beyond ASCII are mapped and checked (UTS #46), from Unicode {VERSION}. Written by make-data.py.
# Copyright 1991-2023 Unicode, Inc. Distributed under the Unicode License, https://www.unicode.org/license.txt
#
# m CODEPOINT TARGET...     is replaced by these, or left out
# p FIRST SECOND COMPOSED   the two are written as the third (canonical composition)
# From this code point on, up to the next one of the same letter:
# v CODEPOINT 0|1           whether it may be in a mapped name
# c CODEPOINT NUMBER        canonical combining class
# b CODEPOINT CLASS         bidirectional class
# j CODEPOINT TYPE          joining type"""


def statuses():
    """Each code point with whether it is valid, and what it is mapped to (None: nothing)."""
    rows = uts46data.uts46data
    for i, row in enumerate(rows):
        end = rows[i + 1][0] if i + 1 < len(rows) else 0x110000
        status, target = row[1], row[2] if len(row) > 2 else None

        # As browsers have it: deviations stay as they are, and what only STD3 forbids is for others to check.
        valid = status in "VD" or (status == "3" and target is None)
        mapping = "" if status == "I" else target if status in "M3" else None
        for codepoint in range(row[0], end):
            yield codepoint, valid, mapping


def write_runs(letter, values):
    """Only valid code points are asked for, so the others go with the run before them."""
    last = None
    for codepoint, value in values:
        if value != last:
            print(f"{letter} {codepoint:X} {value}")
            last = value


def main():
    every = list(statuses())
    valid = [codepoint for codepoint, is_valid, _ in every if is_valid]
    print(HEADER)
    for codepoint, _, mapping in every:
        if mapping is not None:
            print(" ".join(["m", f"{codepoint:X}", *(f"{ord(c):X}" for c in mapping)]))
    for codepoint in valid:
        pair = unicodedata.decomposition(chr(codepoint)).split()
        if len(pair) == 2 and not pair[0].startswith("<"):
            assert unicodedata.normalize("NFC", chr(codepoint)) == chr(codepoint)
            print(f"p {int(pair[0], 16):X} {int(pair[1], 16):X} {codepoint:X}")
    write_runs("v", ((codepoint, int(is_valid)) for codepoint, is_valid, _ in every))
    write_runs("c", ((codepoint, unicodedata.combining(chr(codepoint))) for codepoint in valid))
    write_runs("b", ((codepoint, c if (c := unicodedata.bidirectional(chr(codepoint))) in BIDI else "X") for codepoint in valid))
    write_runs("j", ((codepoint, chr(idnadata.joining_types.get(codepoint, ord("U")))) for codepoint in valid))


if __name__ == "__main__":
    main()
