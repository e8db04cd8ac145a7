"""The time that tools take to print their help. Usage: bench-start.py FOLDER [RUNS]"""
import sys
import alternate

folder = sys.argv[1]
runs = int(sys.argv[2]) if len(sys.argv) > 2 else 300
for peer, tool in [
    (["ping", "-h"], "ping-swift"),
    (["ping", "-h"], "traceroute-swift"),
    (["traceroute", "--help"], "traceroute-swift"),
]:
    ours = [f"{folder}/{tool}", "-h"]
    theirs, own = alternate.medians([peer, ours], runs)
    print(f"start: {' '.join(peer)} {theirs * 1e3:.2f} ms, {tool} -h {own * 1e3:.2f} ms, "
          f"ratio {own / theirs:.2f}")
