"""What scripts/conformance-filters does: every filter over every capture, in both tools."""
import concurrent.futures, os, subprocess, sys, tempfile

verbose, tool, folder, captures = sys.argv[1] == "1", sys.argv[2], sys.argv[3], sys.argv[4:]

# tshark reads a capture once for all filters: a tap for each notes the packets that pass.
TAPS = """
for place, filter in ipairs(filters) do
  local sound, tap = pcall(Listener.new, "frame", filter)
  if not sound then print("refused", place) else
    local passed = {}
    function tap.packet(packet) passed[#passed + 1] = packet.number end
    function tap.draw() print("passed", place, table.concat(passed, ",")) end
    function tap.reset() end
  end
end
"""
CHECKSUMS = [word for layer in ("ip", "tcp", "udp") for word in ("-o", f"{layer}.check_checksum:TRUE")]


def lines(name):
    with open(os.path.join(folder, name), encoding="utf-8") as text:
        return [line.rstrip("\n") for line in text if line.strip() and not line.startswith("#")]


def theirs(capture, filters):
    """The numbers of the packets that pass each filter as a text with commas; None for one that is refused."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write("local filters = {\n" + ",\n".join(f"[==[{each}]==]" for each in filters) + "}\n" + TAPS)
        script.flush()
        command = ["tshark", "-q", "-n", *CHECKSUMS, "-X", f"lua_script:{script.name}", "-r", capture]
        output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=600).stdout
    verdicts = {}
    for line in output.decode().splitlines():
        words = line.split("\t")
        if words[0] in ("refused", "passed"):
            verdicts[int(words[1])] = None if words[0] == "refused" else words[2]
    if len(verdicts) != len(filters):
        sys.exit(f"{capture}: tshark has said something of {len(verdicts)} filters of {len(filters)}")
    return [verdicts[place] for place in range(1, len(filters) + 1)]


def ours(capture, filter):
    command = [tool, "-r", capture, "--where", filter, "--fields", "frame.number"]
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if result.returncode == 2:
        return None
    if result.returncode not in (0, 1):
        sys.exit(f"{capture}: {filter}: exit code {result.returncode}: {result.stderr.decode(errors='replace')}")
    return ",".join(result.stdout.decode().splitlines()[1:])


sound, wrong = lines("display-filters.txt"), lines("wrong-display-filters.txt")
pairs = different = 0
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
    for index, capture in enumerate(captures):
        # What is wrong is wrong for every capture.
        filters = sound + (wrong if index == 0 else [])
        expected = theirs(capture, filters)
        seen = list(workers.map(lambda each: ours(capture, each), filters))
        for filter, theirs_said, we_say in zip(filters, expected, seen):
            pairs += 1
            if theirs_said == we_say:
                continue
            different += 1
            print(f"{os.path.basename(capture)}: {filter}")
            if verbose or None in (theirs_said, we_say):
                print(f"  tshark: {'refused' if theirs_said is None else theirs_said}")
                print(f"  ours:   {'refused' if we_say is None else we_say}")
print(f"{len(sound)} filters and {len(wrong)} wrong ones, {len(captures)} captures: "
      f"{pairs - different} of {pairs} verdicts agree")
sys.exit(1 if different else 0)
