import CommandLineKit
import PacketText
import PacketWire

/// Options of each kind.
struct SampleOptions: Hashable, Sendable {
  var isNumeric = false
  var family: IPFamily?
  var stampStyle = 0
  var count: Int?
  var ttl: UInt8 = 64
  var offset = 0
  var interval = Nanoseconds.seconds(1)
  var deadline: Nanoseconds?
  var loss = 0.0
  var interface: String?
  var order: [String] = []
}

let sampleTable = makeSampleTable(stopsAtFirstOperand: false)

func makeSampleTable(stopsAtFirstOperand: Bool) -> OptionTable<SampleOptions> {
  OptionTable(
    tool: "sample-swift", usage: ["[OPTION]... TARGET", "[OPTION]... -- COMMAND [ARGUMENT]..."],
    summary:
      "Shows what every kind of option looks like, in a sentence that has to be wrapped once.",
    stopsAtFirstOperand: stopsAtFirstOperand
  ) { options in
    options.group("Probing")
    options.integer(
      "c", "count", "COUNT", in: 1...Int.max, help: "stop after COUNT replies"
    ) { $0.count = $1 }
    options.integer("t", "ttl", "TTL", in: 1...255, help: "time to live of the probes") {
      $0.ttl = $1
    }
    options.integer(
      nil, "offset", "NUMBER", in: -10...10, help: "a number with a sign"
    ) { $0.offset = $1 }
    options.seconds(
      "i", "interval", in: Nanoseconds(2_000_000)...Nanoseconds.seconds(3600),
      help:
        "wait this long between two probes, which is one second unless it is said otherwise"
    ) { $0.interval = $1 }
    options.seconds(
      "w", nil, in: Nanoseconds.zero...Nanoseconds.seconds(10), help: "end after this time"
    ) { $0.deadline = $1 }
    options.decimal(
      nil, "a-very-long-name-of-loss", "PERCENT", in: 0...100, help: "lose this share"
    ) { $0.loss = $1 }

    options.group("Output")
    options.flag("n", "numeric", help: "no names") { $0.isNumeric = true }
    options.flag("4", nil, help: "IPv4 only") { $0.family = .v4 }
    options.flag("6", nil, help: "IPv6 only") { $0.family = .v6 }
    options.flag("s", "stamp", help: "another time stamp") { $0.stampStyle += 1 }
    options.string("I", "interface", "NAME", help: "send from there") { $0.interface = $1 }
    options.text(nil, "note", "WORD", help: "keep a word") {
      options, value throws(UsageError) in
      guard value != "bad" else { throw UsageError("'bad' is no good word") }
      options.order.append(value)
    }
  } notes: { notes in
    notes.example(
      "sample-swift -c 3 www.discord.test",
      "Three probes, and then an explanation that is too long for one line of a usual terminal.")
    notes.example("sample-swift -- true", "Runs a command.")
    notes.exitCode(0, "at least one reply")
    notes.exitCode(1, "no reply")
    notes.exitCode(
      2, "a wrong command line, or a failure that kept the tool from doing its job at all")
  }
}

extension OptionTable<SampleOptions> {
  /// The help as one text.
  func help(columns: Int) -> String {
    help(columns: columns, SampleOptions()).string
  }
}
