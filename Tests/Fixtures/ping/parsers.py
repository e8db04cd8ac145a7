"""What pingparsing and jc (PyPI) make of two runs of a ping, ours and iputils'.

Usage: parsers.py OURS THEIRS
Prints one line a package: its name, and "same" or the two results. Two results are the same if they
have the same fields and values, but for measured times, of which only the kind is compared.
"""

import json
import sys

import jc
import pingparsing


def shape(value):
    """A result without what two runs never have in common."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "a number" if isinstance(value, float) else value


def with_pingparsing(text):
    """The statistics, and of each reply all but its times."""
    result = pingparsing.PingParsing().parse(text).as_dict(include_icmp_replies=True)
    for key in ("rtt_min", "rtt_avg", "rtt_max", "rtt_mdev"):
        if result[key] is not None:
            result[key] = float(result[key])
    for reply in result["icmp_replies"]:
        reply["timestamp"] = reply.get("timestamp") is not None
        if "time" in reply:
            reply["time"] = float(reply["time"])
    return result


def with_jc(text):
    """The statistics and the replies."""
    result = jc.parse("ping", text, quiet=True)
    result.pop("time_ms", None)
    for response in result.get("responses", []):
        response.pop("timestamp", None)
    return result


texts = [open(path, encoding="utf-8").read() for path in sys.argv[1:3]]
for name, parse in (("pingparsing", with_pingparsing), ("jc", with_jc)):
    ours, theirs = (shape(parse(text)) for text in texts)
    if ours == theirs:
        print(name, "same", ours.get("packet_receive", ours.get("packets_received")))
    else:
        print(name, json.dumps(ours), json.dumps(theirs))
