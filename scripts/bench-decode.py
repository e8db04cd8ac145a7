"""Lines a second, beside tcpdump, over a million small packets. Usage: bench-decode.py FOLDER [RUNS]"""
import os
import sys
import tempfile
import alternate
from million_packets import COUNT, peak, write_corpus

folder = sys.argv[1]
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
COLUMNS = ["frame.number", "frame.time_epoch", "ip.src", "ip.dst", "tcp.srcport", "tcp.dstport",
           "udp.srcport", "udp.dstport", "tcp.flags", "dns.qry.name"]

with tempfile.TemporaryDirectory() as temporary:
    file = os.path.join(temporary, "small.pcap")
    write_corpus(file)
    size = os.path.getsize(file)
    print(f"{COUNT} packets, {size / COUNT - 16:.0f} octets each, {size / 1e6:.0f} MB")
    sniff = f"{folder}/sniff-swift"
    zone = {"TZ": ":/etc/localtime"}
    sides = [
        ("cat", ["cat", file], {}),
        ("tcpdump -nn", ["tcpdump", "-nn", "-r", file], {}),
        ("tcpdump -nn, TZ set", ["tcpdump", "-nn", "-r", file], zone),
        ("tcpdump -nn -v, TZ set", ["tcpdump", "-nn", "-v", "-r", file], zone),
        ("sniff-swift -nn", [sniff, "-nn", "-r", file], {}),
        ("sniff-swift -nn -v", [sniff, "-nn", "-v", "-r", file], {}),
        (f"tshark, {len(COLUMNS)} fields",
         ["tshark", "-n", "-r", file, "-T", "fields",
          *[word for column in COLUMNS for word in ("-e", column)]], {}),
        (f"sniff-swift, {len(COLUMNS)} fields",
         [sniff, "--fields", ",".join(COLUMNS), "-r", file], {}),
    ]
    times = dict(zip([side[0] for side in sides], alternate.medians(
        [side[1] for side in sides], runs, [side[2] for side in sides])))
    for name, _, _ in sides:
        print(f"decode: {name}: {times[name] / COUNT * 1e9:.0f} ns a packet")
    for ours, peer in [("sniff-swift -nn", "tcpdump -nn"),
                       ("sniff-swift -nn", "tcpdump -nn, TZ set"),
                       ("sniff-swift -nn -v", "tcpdump -nn -v, TZ set"),
                       (sides[-1][0], sides[-2][0])]:
        print(f"decode: {peer} takes {times[peer] / times[ours]:.1f} times as long as {ours}")
    print(f"decode: most memory: {peak([sniff, '-nn', '-r', file]):.0f} MiB")
