"""Cuts the packets of the fixtures into inputs for a fuzz target. Usage: fuzz-seeds.py TARGET FOLDER"""
import glob
import os
import struct
import sys

target, folder = sys.argv[1:]
# As FuzzText numbers them: Ethernet, raw, IPv4, IPv6, SLL, SLL2, null, loop.
LINK_TYPES = {1: 0, 101: 1, 228: 2, 229: 3, 113: 4, 276: 5, 0: 6, 108: 7}
HEADERS = 16


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


def write(seed):
    with open(os.path.join(folder, f"{write.count:06}"), "wb") as out:
        out.write(seed)
    write.count += 1


write.count = 0
inputs = set()
for path in sorted(glob.glob("Tests/Fixtures/*.pcap") + glob.glob("Tests/Fixtures/*/*.pcap")):
    for link, octets in pcap_packets(path):
        if target == "FuzzText" and link in LINK_TYPES:
            for options in (0, 0x0f, 0x86):
                inputs.add(bytes([LINK_TYPES[link], options]) + octets)
        elif target == "FuzzRoundTrip":
            # Whatever begins at one of the usual places is tried as each header.
            for place in (0, 14, 16, 20, 34, 42, 54, 62):
                for header in range(HEADERS):
                    inputs.add(bytes([header]) + octets[place:place + 120])
for path in sorted(glob.glob("Tests/Fixtures/crashers/" + target + "-*")):
    inputs.add(open(path, "rb").read())
for seed in sorted(inputs):
    write(seed)
