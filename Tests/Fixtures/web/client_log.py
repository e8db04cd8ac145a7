"""Whether a story names each step that a client's own log shows, no more and none less.

    client_log.py curl|wget|chromium LOG STORY

LOG is what `curl -v`, `wget -d` or Chromium's --log-net-log wrote, STORY the lines of
`sniff-swift --story --json`. Both are brought to the same words: questions for names under .test, and
what was said on connections, in order; where the log tells connections apart, for each of them. Prints
"N steps, the same", or how they differ. What a log does not speak of (acknowledgments, pieces of a
body, FINs) is not compared. In curl's log the script that runs it writes two lines of its own:
"=names NAME FAMILY..." before a run, and "=body OCTETS" behind each transfer (-w).
"""

import collections
import difflib
import json
import re
import sys

FAMILIES = {1: "4", 28: "6"}


class Steps:
    """Steps in order, each on a connection; questions for names come in any order."""

    def __init__(self):
        self.questions = []
        self.connections = collections.defaultdict(list)

    def ask(self, name, family):
        if name.endswith(".test"):
            self.questions.append(f"ask {name} IPv{family}")

    def add(self, words, connection=None):
        self.connections[connection].append(words)

    def lines(self):
        # Which connection is which is told by what was said on it.
        groups = sorted("\n".join(group) for group in self.connections.values())
        return sorted(self.questions) + "\n---\n".join(groups).split("\n")


def suite(name):
    """IANA's name of a cipher suite as OpenSSL has it; those of TLS 1.3 are the same."""
    if "_WITH_" not in name:
        return name
    return name.removeprefix("TLS_").replace("_WITH", "").replace("_", "-").replace("AES-", "AES")


# What sentences of a story say, by protocol. A sentence can say several things, in this order.
ADDRESS = r"(?:\S+ \()?([0-9a-f.:]+)\)?"
SENTENCES = [
    ("TCP", rf"SYN, step 1 of 3: .* asks {ADDRESS} to open a connection to port (\d+)", "try {} {}"),
    ("TCP", r"RST: .* refuses #", "refused"),
    ("TCP", r"ACK, step 3 of 3: ", "connected"),
    ("TLS", r"ClientHello: the client", "ClientHello"),
    ("TLS", r"ServerHello: the server chooses (TLS 1.\d) \((\S+)\)", "ServerHello {} {}"),
    ("TLS", r".*(?:Its certificate, in the clear|Certificate: that of the server)", "Certificate"),
    ("TLS", r".*\bServerKeyExchange\b", "ServerKeyExchange"),
    ("TLS", r".*\bServerHelloDone\b", "ServerHelloDone"),
    ("TLS", r".*\bClientKeyExchange\b", "ClientKeyExchange"),
    ("TLS", r".*the client changes to enciphered records", "ChangeCipherSpec"),
    (
        "HTTP",
        r"([A-Z]+): the client .*(?:for|of|under|delete|with) (\S+) \(\d+ bytes, HTTP/1.\d",
        "request {} {}",
    ),
    ("HTTP", r".*, for the page of #", "for a page"),
    ("HTTP", r".*?(\d\d\d)[^:#]*: the server answers the [A-Z]+ of", "response {}"),
    ("HTTP", r".* go to (\S+)\. ", "redirect {}"),
    ("HTTP", r".*The end of the answer to #\d+: all (\d+) bytes? of body", "body {}"),
    ("HTTP", r".*answers the .*The body is (\d+) bytes? long, all of them here", "body {}"),
    ("HTTP", r".*answers the .*The body comes in chunks, (\d+) bytes?, all here", "body {}"),
    ("HTTP", r".*answers the .*There is no body", "body 0"),
]
QUESTION = r"\S+ asks the resolver \S+ for the IPv(\d) address \(A+\) of (\S+)\.$"


def from_story(path, is_by_connection):
    steps = Steps()
    for line in open(path, encoding="utf-8"):
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("event") != "story.step":
            continue
        sentence = event["sentence"]
        if found := re.match(QUESTION, sentence):
            steps.ask(found[2], found[1])
        connection = event["flow"] if is_by_connection else None
        for protocol, pattern, words in SENTENCES:
            found = re.match(pattern, sentence)
            if event["protocol"] == protocol and found:
                words = words.format(*found.groups())
                if words.startswith("ServerHello TLS"):
                    words = " ".join(suite(word) for word in words.split())
                steps.add(words, connection)
    return steps


# How curl calls messages of the handshake that are in the clear; those behind the hellos of TLS 1.3
# and all Finished are not.
MESSAGES = {
    "Client hello": "ClientHello",
    "Server hello": "ServerHello",
    "Certificate": "Certificate",
    "Server key exchange": "ServerKeyExchange",
    "Server finished": "ServerHelloDone",
    "Client key exchange": "ClientKeyExchange",
    "Change cipher spec": "ChangeCipherSpec",
}


def from_curl(path):
    steps = Steps()
    text = open(path, encoding="utf-8", errors="replace").read()
    agreed = re.findall(r"\* SSL connection using TLSv(1.\d) / (\S+)", text)
    version, is_secret, is_answered = "", False, False
    for line in text.splitlines():
        if line.startswith("=names "):
            _, name, *families = line.split()
            for family in families:
                steps.ask(name, family)
        elif found := re.match(r"\*   Trying (\S+):(\d+)\.\.\.", line):
            steps.add(f"try {found[1].strip('[]')} {found[2]}")
            is_secret, is_answered = False, False
        elif re.match(r"\* connect to \S+ port \d+ failed: Connection refused", line):
            steps.add("refused")
        elif line.startswith("* Connected to "):
            steps.add("connected")
        elif found := re.match(r"\* TLSv1.(\d) \((OUT|IN)\), TLS [^,]*, (.*) \(\d+\):", line):
            message = MESSAGES.get(found[3])
            is_secret = True
            if message == "ServerHello":
                version, name = agreed.pop(0)
                message += f" TLS {version} {name}"
            hidden = version == "1.3" and message == "Certificate"
            if message and not hidden and (found[2] == "OUT" or message != "ChangeCipherSpec"):
                steps.add(message)
        elif is_secret:
            continue
        elif found := re.match(r"> ([A-Z]+) (\S+) HTTP/1", line):
            steps.add(f"request {found[1]} {found[2]}")
        elif found := re.match(r"< HTTP/1.\d (\d\d\d)", line):
            steps.add(f"response {found[1]}")
            is_answered = found[1] != "100"
        elif found := re.match(r"< [Ll]ocation: (\S+)", line):
            steps.add(f"redirect {found[1]}")
        elif is_answered and (found := re.match(r"=body (\d+)|\* Ignoring the resp", line)):
            steps.add(f"body {found[1]}" if found[1] else "body")
    return steps


def from_wget(path):
    steps = Steps()
    for line in open(path, encoding="utf-8", errors="replace"):
        if found := re.match(r"Resolving (\S+) .*\.\.\. (.*)", line):
            for family in sorted({"6" if ":" in word else "4" for word in found[2].split()}):
                steps.ask(found[1], family)
        elif found := re.match(r"Connecting to .*\|(\S+)\|:(\d+)\.\.\. (.*)", line):
            steps.add(f"try {found[1]} {found[2]}")
            steps.add("connected" if found[3] == "connected." else "refused")
        elif found := re.match(r"([A-Z]+) (\S+) HTTP/1", line):
            steps.add(f"request {found[1]} {found[2]}")
        elif line.startswith("Referer: "):
            steps.add("for a page")
        elif found := re.match(r"HTTP/1.\d (\d\d\d)", line):
            steps.add(f"response {found[1]}")
        elif found := re.match(r"Location: (\S+)$", line):
            steps.add(f"redirect {found[1]}")
        elif found := re.search(r"saved \[(\d+)(?:/\d+)?\]|Skipping (\d+) bytes of body", line):
            steps.add(f"body {found[1] or found[2]}")
    return steps


def from_chromium(path):
    log = json.load(open(path, encoding="utf-8"))
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    steps = Steps()
    jobs, sockets, owners = {}, {}, {}
    bodies = collections.defaultdict(lambda: [0, 0])
    begun, redirected = {}, set()
    for event in log["events"]:
        kind, source = names[event["type"]], event["source"]["id"]
        params = event.get("params") or {}
        other = params.get("source_dependency", {}).get("id")
        if kind == "DNS_TRANSACTION" and params.get("query_type") in FAMILIES:
            steps.ask(params["hostname"], FAMILIES[params["query_type"]])
        elif kind == "TCP_CONNECT_ATTEMPT" and "address" in params:
            address, port = params["address"].rsplit(":", 1)
            steps.add(f"try {address.strip('[]')} {port}", source)
        elif kind == "TCP_CONNECT_ATTEMPT" and params.get("net_error"):
            steps.add("refused", source)
        elif kind == "TCP_CONNECT" and "local_address" in params:
            steps.add("connected", source)
        elif kind == "SOCKET_POOL_BOUND_TO_SOCKET":
            sockets[source] = other
        elif kind == "HTTP_STREAM_REQUEST_BOUND_TO_JOB":
            owners[source] = sockets.get(other)
        elif kind == "HTTP_TRANSACTION_SEND_REQUEST_HEADERS":
            steps.add("request " + " ".join(params["line"].split()[:2]), owners[source])
            # A story gives the nearest cause.
            is_led = source in redirected
            if not is_led and any(field.startswith("Referer: ") for field in params["headers"]):
                steps.add("for a page", owners[source])
            bodies[source] = [0, 0]
        elif kind == "HTTP_TRANSACTION_READ_RESPONSE_HEADERS":
            status, *fields = params["headers"]
            steps.add("response " + status.split()[1], owners[source])
            for field in fields:
                if field.startswith("Location: "):
                    steps.add("redirect " + field.split()[1], owners[source])
            steps.add("body", owners[source])
            # Of the body of a redirect no octet is counted.
            if status.split()[1].startswith("3"):
                redirected.add(source)
            else:
                begun[source] = (owners[source], len(steps.connections[owners[source]]) - 1)
        elif kind == "URL_REQUEST_JOB_BYTES_READ":
            bodies[source][0] += params["byte_count"]
        elif kind == "URL_REQUEST_JOB_FILTERED_BYTES_READ":
            bodies[source][1] += params["byte_count"]
    # Octets as they came, where the log has them: it has them for bodies with a coding.
    for source, (connection, index) in begun.items():
        came, unpacked = bodies[source]
        steps.connections[connection][index] = f"body {came or unpacked}"
    return steps


def main():
    client, log, story = sys.argv[1:]
    readers = {"curl": from_curl, "wget": from_wget, "chromium": from_chromium}
    wanted = readers[client](log).lines()
    told = from_story(story, is_by_connection=client == "chromium").lines()
    # The body of a redirect is not counted by curl and Chromium.
    for index, words in enumerate(wanted):
        if words == "body" and index < len(told) and told[index].startswith("body "):
            told[index] = "body"
    difference = list(difflib.unified_diff(wanted, told, "log", "story", lineterm=""))
    print("\n".join(difference) if difference else f"{len(wanted)} steps, the same")


main()
