"""Files of random size for a site, and whether what was taken from the wire is the same.

    loads.py make FOLDER COUNT   COUNT files of 1 to 200 000 octets, their sizes spread evenly over
                                 the orders of magnitude; the same ones each time
    loads.py compare FOLDER TAKEN   prints how many files of FOLDER are in TAKEN, octet for octet, and
                                 names those that are not, or are there beside them
"""

import pathlib
import random
import sys


def make(folder, count):
    folder.mkdir()
    chance = random.Random(count)
    for number in range(count):
        size = int(10 ** chance.uniform(0, 5.3))
        words = chance.randbytes(size) if number % 2 else (b"%d " % number) * size
        (folder / f"{number:03}.txt").write_bytes(words[:size])


def compare(folder, taken):
    sent = {path.name: path.read_bytes() for path in folder.iterdir()}
    seen = {path.name: path.read_bytes() for path in taken.iterdir()}
    same = sum(seen.get(name) == octets for name, octets in sent.items())
    print(f"{same} of {len(sent)}")
    for name in sorted(sent.keys() | seen.keys()):
        if sent.get(name) != seen.get(name):
            print(name, len(sent.get(name, b"")), len(seen.get(name, b"")))


if sys.argv[1] == "make":
    make(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
else:
    compare(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
