"""The time that tools take to print their help. Usage: bench-start.py FOLDER [RUNS] [cold]

With `cold`, as root, the kernel first forgets all files, and reads those of both sides from the disk again as
their pages are touched: how they lie in memory then makes a start slower."""
import os
import sys
import alternate

folder = sys.argv[1]
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 300
if "cold" in sys.argv[3:]:
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as switch:
        switch.write("1")
for peer, tool in [
    (["ping", "-h"], "ping-swift"),
    (["ping", "-h"], "traceroute-swift"),
    (["traceroute", "--help"], "traceroute-swift"),
]:
    ours = [f"{folder}/{tool}", "-h"]
    theirs, own = alternate.medians([peer, ours], runs)
    print(f"start: {' '.join(peer)} {theirs * 1e3:.2f} ms, {tool} -h {own * 1e3:.2f} ms, "
          f"ratio {own / theirs:.2f}")
