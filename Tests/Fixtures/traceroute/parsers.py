"""What jc (PyPI) makes of two traces, ours and Linux traceroute's.

Usage: parsers.py OURS THEIRS
Prints "jc same" and how many hops there are, or the two results. They are the same if they have the same
fields and values, but for round trips, of which only the kind is compared.
"""

import json
import sys

import jc


def shape(value):
    """A result without what two runs never have in common."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "a number" if isinstance(value, float) else value


texts = [open(path, encoding="utf-8").read() for path in sys.argv[1:3]]
ours, theirs = (shape(jc.parse("traceroute", text, quiet=True)) for text in texts)
if ours == theirs:
    print("jc same", len(ours["hops"]))
else:
    print("jc", json.dumps(ours), json.dumps(theirs))
