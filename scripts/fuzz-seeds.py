"""Cuts the packets of the fixtures into inputs for a fuzz target. Usage: fuzz-seeds.py TARGET FOLDER"""
import glob
import os
import random
import struct
import sys

target, folder = sys.argv[1:]
# As FuzzText numbers them.
LINK_TYPES = {number: place for place, number in enumerate(
    [1, 101, 228, 229, 113, 276, 0, 108, 9, 50, 51, 104, 107, 105, 127])}
HEADERS = 44


def pcap_packets(path):
    data = open(path, "rb").read()
    if data[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        return
    link = struct.unpack_from("<I", data, 20)[0] & 0xffff
    place = 24
    while place + 16 <= len(data):
        length = struct.unpack_from("<I", data, place + 8)[0]
        yield link, data[place + 16:place + 16 + length][:398]
        place += 16 + length


def hex_packets(path):
    """The packets of a fixture in hex: `link N` says how those below begin, `packet N` begins one."""
    link, octets = 1, b""
    for line in open(path):
        words = line.split("#")[0].split()
        if words[:1] in (["link"], ["packet"]):
            if octets:
                yield link, octets[:398]
            octets = b""
            if words[0] == "link":
                link = int(words[1])
        elif all(len(word) % 2 == 0 and set(word) <= set("0123456789abcdef") for word in words):
            octets += bytes.fromhex("".join(words))
    if octets:
        yield link, octets[:398]


def write(seed):
    with open(os.path.join(folder, f"{write.count:06}"), "wb") as out:
        out.write(seed)
    write.count += 1


write.count = 0
inputs = set()
fixtures = [packet for path in sorted(
    glob.glob("Tests/Fixtures/*.pcap") + glob.glob("Tests/Fixtures/*/*.pcap"))
    for packet in pcap_packets(path)]
fixtures += [packet for path in sorted(glob.glob("Tests/Fixtures/*.hex"))
             for packet in hex_packets(path)]
for link, octets in fixtures:
    if target == "FuzzText" and link in LINK_TYPES:
        for options in (0, 0x0f, 0x86):
            inputs.add(bytes([LINK_TYPES[link], options]) + octets)
    elif target == "FuzzRoundTrip":
        # Whatever begins at one of the usual places is tried as each header.
        for place in (0, 14, 20, 34, 42, 54):
            for header in range(HEADERS):
                inputs.add(bytes([header]) + octets[place:place + 120])
    elif target == "FuzzExplanation":
        # Packets behind Ethernet, packets, and messages behind an IP header.
        for kind, place in ((2, 0), (0, 14), (0, 0), (4, 34), (6, 54)):
            inputs.add(bytes([kind]) + octets[place:])
if target == "FuzzFilter":
    # Each filter with packets of every kind behind it.
    packets = [octets for link, octets in fixtures if link == 1]
    for name in ("display-filters", "wrong-display-filters"):
        for place, line in enumerate(open(f"Tests/Fixtures/{name}.txt", "rb")):
            text = line.strip()[:255]
            inputs.add(bytes([len(text)]) + text + packets[place * 7 % len(packets)][:140])
if target == "FuzzStory":
    # Captures from every fourth packet on, as much as an input holds; of single packets all of a file.
    for path in sorted(glob.glob("Tests/Fixtures/*.pcap") + glob.glob("Tests/Fixtures/*/*.pcap")
                       + glob.glob("Tests/Fixtures/*.hex")):
        read = hex_packets if path.endswith(".hex") else pcap_packets
        packets = [octets for link, octets in read(path) if link == 1]
        for start in range(0, len(packets), 4):
            capture = b""
            for octets in packets[start:]:
                capture += struct.pack(">H", len(octets)) + octets
            inputs.add(capture[:4000])
if target == "FuzzTrace":
    # Each method, family and kind of answer, as it is and with one octet changed.
    for method in range(7):
        for kind in range(6):
            inputs.add(bytes([method, kind, method * 5, 0]))
            for place in range(0, 150, 3):
                inputs.add(bytes([method, kind, 7, 0, 0, place, 0xff]))
if target == "FuzzEvidence":
    # Short files of every kind, whole.
    for path in sorted(glob.glob("Tests/Fixtures/*.pcap*") + glob.glob("Tests/Fixtures/*/*.pcap*")):
        file = open(path, "rb").read()
        for length in (200, 399, 1000, 3000):
            inputs.add(bytes([0]) + file[:length])
            inputs.add(bytes([40]) + file[:length])
for path in sorted(glob.glob("Tests/Fixtures/crashers/" + target + "-*")):
    inputs.add(open(path, "rb").read())
# More seeds than these only take time to load.
MOST = 20_000
chosen = sorted(inputs)
if len(chosen) > MOST:
    chosen = random.Random(1).sample(chosen, MOST)
for seed in chosen:
    write(seed)
