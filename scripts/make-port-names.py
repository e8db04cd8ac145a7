"""Writes PortTable+Registry.swift: LIST less the ports on standard input, which `lab-swift ports` printed."""
import re
import sys

# What people meet has a line of its own already: (port, protocol), and the names of each port.
told, names = set(), {}
for line in re.sub(r"\n {10,}", " ", sys.stdin.read()).splitlines():
    port, tcp, udp, name, rest = re.match(r" *(\d+)  (tcp|   )( udp|    )  (\S+) *(.*)", line).groups()
    told |= {(int(port), kind) for kind, word in (("t", tcp), ("u", udp)) if word.strip()}
    also = re.search(r"Also ([^.]*)\.$", rest)
    names.setdefault(int(port), set()).update([name], also.group(1).split(", ") if also else [])

protocols = {}
taken = set(told)
for line in open(sys.argv[1], errors="replace"):
    words = line.split("#")[0].split()
    if len(words) < 2 or not re.fullmatch(r"[a-z0-9][a-z0-9._+-]*", words[0].lower()):
        continue
    name, (place, *kinds) = words[0].lower(), words[1].split("/")
    first, last = (int(end) for end in (place.split("-") * 2)[:2])
    for port in range(max(first, 1), min(last, first + 64) + 1):
        # The same name over the other protocol says nothing new.
        for kind in () if name in names.get(port, ()) else kinds:
            kind = {"tcp": "t", "udp": "u"}.get(kind)
            if kind and (port, kind) not in taken:
                taken.add((port, kind))
                protocols.setdefault((port, name), set()).add(kind)

lines = [""]
for (port, name), kinds in sorted(protocols.items()):
    word = f"{port}{'' if len(kinds) == 2 else min(kinds)}={name}"
    if len(lines[-1]) + len(word) >= 95:
        lines.append("")
    lines[-1] += (" " if lines[-1] else "") + word

print('''extension PortTable {
  /// The other names of IANA's "Service Name and Transport Protocol Port Number Registry": a port, `t` or
  /// `u` where only TCP or only UDP has the name, and the name. `scripts/make-port-names` makes this.
  static let registry = """''')
print("\n".join("    " + line for line in lines))
print('''    """
}''')
