"""Mutants of PacketWire. Usage: mutate.py [COUNT] [SEED] [--only FILE[:LINE]]...

All mutants are compiled into one program, each behind a question for its number, so that one build
serves all of them. A place where the compiler wants a constant cannot ask, and is left out; how many
those were is told. A mutant is dead when the tests fail, trap or do not end. The tests that are
called as the file is run first: mostly they notice, and the others need not run."""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

FOLDER = ".build/mutate"
TESTS = "Tests/PacketWireTests"
PROGRAM = ".build/debug/MutantsPackageTests.xctest"
MODULE = "Sources/Formats/PacketWire"
TIMEOUT = 60

MANIFEST = """// swift-tools-version: 6.3
import PackageDescription
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .enableExperimentalFeature("Lifetimes"),
]
let package = Package(
  name: "Mutants",
  targets: [
    .target(name: "PacketWire", path: "Sources/Formats/PacketWire", swiftSettings: settings),
    .target(name: "CaptureFile", dependencies: ["PacketWire"],
            path: "Sources/Formats/CaptureFile", swiftSettings: settings),
    .target(name: "PacketTestSupport", dependencies: ["PacketWire"],
            path: "Tests/Support/PacketTestSupport", swiftSettings: settings),
    .target(name: "CaptureTestSupport", path: "Tests/Support/CaptureTestSupport",
            swiftSettings: settings),
    .testTarget(
      name: "PacketWireTests",
      dependencies: ["PacketWire", "CaptureFile", "PacketTestSupport", "CaptureTestSupport"],
      path: "Tests/PacketWireTests", swiftSettings: settings),
  ])
"""
SWITCH = """import Glibc

@usableFromInline let activeMutant =
  getenv("WIREWALK_MUTANT").flatMap { Int(String(cString: $0)) } ?? 0

@inlinable @inline(__always)
func mutant<Value>(
  _ number: Int, _ original: @autoclosure () -> Value, _ changed: @autoclosure () -> Value
) -> Value {
  activeMutant == number ? changed() : original()
}
"""

NUMBER = re.compile(r'(?<![\w.$"])(0x[0-9a-fA-F_]+|\d[\d_]*)(?![\w."])')
SIMPLE = r"[\w.]+(?:\([\w.: ]*\))?"
COMPARISON = re.compile(rf"(?<![\w.])({SIMPLE}) (<=|>=|<|>|==|!=) ({SIMPLE})(?![\w.(])")
OPPOSITE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
GUARD = re.compile(r"^(\s*guard )([^,{]+)( else)")


class Mutant:
    def __init__(self, path, line, start, end, text, changed):
        self.path, self.line, self.start, self.end = path, line, start, end
        self.text, self.changed = text, changed


def changed_number(text):
    value = int(text.replace("_", ""), 0)
    if text.startswith("0x"):
        return hex(value ^ (value & -value or 1))
    return str(value + 1)


def mutants_of(path, lines):
    for number, line in enumerate(lines):
        code = line.split("//")[0]
        if not code.strip() or re.match(r"\s*(import|@|case )", code) or '"' in code:
            continue
        if "InlineArray<" in code or "precondition" in code:
            continue
        guard = GUARD.match(code)
        if guard and not re.search(r"\b(let|var|case|try)\b", guard[2]):
            yield Mutant(path, number, guard.start(2), guard.end(2), guard[2], "true")
        for found in COMPARISON.finditer(code):
            yield Mutant(path, number, found.start(), found.end(), found[0],
                         f"{found[1]} {OPPOSITE[found[2]]} {found[3]}")
        for found in NUMBER.finditer(code):
            yield Mutant(path, number, found.start(), found.end(), found[0],
                         changed_number(found[0]))


def copy_tree():
    for part in ["Sources/Formats/PacketWire", "Sources/Formats/CaptureFile", "Tests/Support",
                 "Tests/PacketWireTests", "Tests/Fixtures"]:
        target = os.path.join(FOLDER, part)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(part, target)
    with open(os.path.join(FOLDER, "Package.swift"), "w") as out:
        out.write(MANIFEST)


def write_sources(files, mutants):
    """Writes the module with every mutant in it. Of those that overlap, the first one counts."""
    kept = []
    for path, lines in files.items():
        changed = list(lines)
        for number in range(len(lines)):
            here = sorted((m for m in mutants if m.path == path and m.line == number),
                          key=lambda m: (m.start, m.start - m.end))
            taken, end = [], -1
            for m in here:
                if m.start >= end:
                    taken.append(m)
                    end = m.end
            for m in reversed(taken):
                kept.append(m)
                changed[number] = (changed[number][:m.start]
                                   + f"mutant({m.number}, {m.text}, {m.changed})"
                                   + changed[number][m.end:])
        with open(os.path.join(FOLDER, path), "w") as out:
            out.write("\n".join(changed))
    with open(os.path.join(FOLDER, MODULE, "Mutant.swift"), "w") as out:
        out.write(SWITCH)
    return kept


def build():
    return subprocess.run(["swift", "build", "--package-path", FOLDER, "--build-tests"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def without_refused(mutants, output):
    """The mutants but for those on lines that the compiler refuses."""
    refused = {(os.path.join(MODULE, name), int(line) - 1)
               for name, line in re.findall(r"PacketWire/([\w+]+\.swift):(\d+):\d+: error", output)}
    return [m for m in mutants if (m.path, m.line) not in refused]


def own_tests(path):
    """A pattern of the suites that are called as a file is; None where there is none."""
    stem = os.path.basename(path).removesuffix(".swift").replace("+", "")
    names = (found for name in os.listdir(TESTS) for found in
             re.findall(r"struct (\w+Tests)\b", open(os.path.join(TESTS, name)).read()))
    suites = [name for name in names if name.startswith(stem)]
    return rf"PacketWireTests\.({'|'.join(suites)})/" if suites else None


def passes(number, *arguments):
    environment = {**os.environ, "WIREWALK_MUTANT": str(number), "SWIFT_BACKTRACE": "enable=no"}
    command = [os.path.join(FOLDER, PROGRAM), "--testing-library", "swift-testing", *arguments]
    try:
        return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=TIMEOUT).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def survives(m):
    own = own_tests(m.path)
    return (own is None or passes(m.number, "--filter", own)) and passes(m.number)


def is_named(m, names):
    place = f"{os.path.basename(m.path)}:{m.line + 1}"
    return any(place == name or place.startswith(name + ":") for name in names)


parser = argparse.ArgumentParser()
parser.add_argument("count", nargs="?", type=int)
parser.add_argument("seed", nargs="?", type=int, default=1)
parser.add_argument("--only", action="append", default=[])
asked = parser.parse_args()
os.makedirs(FOLDER, exist_ok=True)
copy_tree()
files = {}
for name in sorted(os.listdir(MODULE)):
    with open(os.path.join(MODULE, name)) as source:
        files[os.path.join(MODULE, name)] = source.read().split("\n")
found = [m for path, lines in files.items() for m in mutants_of(path, lines)]
for number, m in enumerate(found, 1):
    m.number = number
mutants = found
while True:
    kept = write_sources(files, mutants)
    result = build()
    if result.returncode == 0:
        break
    fewer = without_refused(mutants, result.stdout)
    if len(fewer) == len(mutants):
        sys.exit(result.stdout[-4000:])
    mutants = fewer
print(f"{len(found)} places, {len(kept)} mutants; the others need a constant or overlap", flush=True)
if not all(passes(0, *own) for own in [[]] + [
        ["--filter", own] for own in {own_tests(path) for path in files} if own]):
    sys.exit("the tests fail without a mutant")
chosen = [m for m in kept if not asked.only or is_named(m, asked.only)]
if asked.count is not None:
    chosen = random.Random(asked.seed).sample(chosen, min(asked.count, len(chosen)))
chosen.sort(key=lambda m: m.number)
alive = 0
with ThreadPoolExecutor(os.cpu_count()) as pool:
    for m, lives in zip(chosen, pool.map(survives, chosen)):
        if lives:
            alive += 1
            print(f"lives: {m.path}:{m.line + 1}: {m.text} -> {m.changed}", flush=True)
dead = len(chosen) - alive
print(f"{dead} of {len(chosen)} mutants died ({100 * dead / max(len(chosen), 1):.1f} %), {alive} live")
