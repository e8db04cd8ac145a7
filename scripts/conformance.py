"""What scripts/conformance does: two tables side by side, cell by cell."""
import collections, gzip, json, os, subprocess, sys

verbose, tool, fields, folder, chosen = sys.argv[1] == "1", sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]


def table(octets):
    """The names of the columns, and the rows by their frame's number."""
    lines = octets.decode("utf-8", "backslashreplace").split("\n")
    names = lines[0].split("\t") if lines[0] else []
    rows = [line.split("\t") for line in lines[1:] if line]
    return names, rows


def theirs(path):
    """What the installed tshark says of the chosen fields, in one pass, as the tables of others were made."""
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "header=y", "-E", "separator=/t", "-E", "occurrence=a",
               "-E", "aggregator=|", "-E", "quote=n", "-e", "frame.number"]
    for field in fields.split(","):
        command += ["-e", field]
    environment = dict(os.environ, TZ="UTC", LC_ALL="C")
    return table(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600,
                                env=environment).stdout)


def ours(path, names):
    """What the tool prints of a file; a damaged one gives what is before the damage."""
    command = [tool, "--fields", ",".join(names), "-r", path]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if result.returncode not in (0, 1):
        sys.exit(f"{path}: exit code {result.returncode}: {result.stderr.decode(errors='replace')}")
    return table(result.stdout)[1]


class Figures:
    def __init__(self):
        self.cells = self.agree = self.filled = self.filled_agree = 0

    def count(self, expected, seen):
        same = expected == seen
        self.cells += 1
        self.agree += same
        if expected or seen:
            self.filled += 1
            self.filled_agree += same

    @staticmethod
    def share(part, whole):
        return f"{100 * part / whole:8.3f} %" if whole else "       - "

    def line(self):
        return (f"{self.share(self.agree, self.cells)} {self.cells - self.agree:6d} of {self.cells:8d}"
                f"  {self.share(self.filled_agree, self.filled)} of {self.filled:8d} not empty")


def begins(expected, seen):
    """Ours is all of theirs as far as we have decoders: behind that it says data, or nothing."""
    names = seen.split(":")
    names = names[:-1] if names[-1] == "data" else names
    return expected.split(":")[:len(names)] == names


# It tells of tshark's own decoders, and is counted apart: how often it is equal, and how often as far as we decode.
NAMES = "frame.protocols"
known = subprocess.run([tool, "--fields", "help"], stdout=subprocess.PIPE, check=True).stdout
known = {line.split()[0] for line in known.decode().splitlines()}
columns, captures, total = collections.OrderedDict(), {}, Figures()
protocols = collections.Counter()
absent, unread, surplus = set(), [], 0
for line in open(os.path.join(folder, "MANIFEST.jsonl"), encoding="utf-8"):
    capture = json.loads(line)
    name = capture["file"]
    path = os.path.join(folder, capture.get("truth") or "")
    if chosen and not any(word in name for word in chosen):
        continue
    if not capture.get("truth") or not os.path.exists(path):
        continue
    names, expected_rows = theirs(os.path.join(folder, name)) if fields else table(gzip.open(path).read())
    absent |= set(names) - known
    names_here = [column for column in names if column in known]
    if not names_here:
        continue
    seen_rows = {row[0]: row for row in ours(os.path.join(folder, name), ["frame.number", *names_here])}
    figures = captures[name] = Figures()
    missing = 0
    for row in expected_rows:
        cells = dict(zip(names, row))
        seen = seen_rows.pop(cells["frame.number"], None)
        if seen is None:
            missing += 1
        for place, column in enumerate(names_here, 1):
            expected, value = cells[column], "" if seen is None else seen[place]
            if column == NAMES:
                protocols.update(frames=1, equal=expected == value, begin=seen is not None and begins(expected, value))
                if verbose and not begins(expected, value):
                    print(f"{name} {cells['frame.number']} {column}: tshark {expected!r}, ours {value!r}")
                continue
            for each in (figures, total, columns.setdefault(column, Figures())):
                each.count(expected, value)
            if verbose and expected != value:
                print(f"{name} {cells['frame.number']} {column}: tshark {expected!r}, ours {value!r}")
    if missing:
        unread.append(f"{name}: {missing} of {len(expected_rows)} frames are not read")
    surplus += len(seen_rows)

print("\nColumns that do not agree throughout, by the share of cells that agree")
for column, figures in sorted(columns.items(), key=lambda item: item[1].agree / item[1].cells):
    if figures.agree < figures.cells:
        print(f"  {column:32} {figures.line()}")
print("\nCaptures that do not agree throughout")
for name, figures in sorted(captures.items(), key=lambda item: item[1].agree - item[1].cells):
    if figures.agree < figures.cells:
        print(f"  {figures.line()}  {name}")
for sentence in unread:
    print(f"  {sentence}")
whole = sum(figures.agree == figures.cells for figures in captures.values())
print(f"\n{len(columns)} columns, {len(captures)} captures, {whole} of them throughout")
print(f"all cells        {total.agree} of {total.cells} agree: {total.share(total.agree, total.cells)}")
print(f"cells not empty  {total.filled_agree} of {total.filled} agree: "
      f"{total.share(total.filled_agree, total.filled)}")
if protocols:
    print(f"{NAMES}  {protocols['equal']} of {protocols['frames']} frames are equal, "
          f"{protocols['begin']} as far as we have decoders")
if surplus:
    print(f"frames that only sniff-swift reads, not counted: {surplus}")
if absent:
    print(f"columns that sniff-swift has not, not counted: {', '.join(sorted(absent))}")
