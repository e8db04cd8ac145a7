import CommandLineKit
import PacketText

/// What the command line of `sniff-swift` asks for.
struct SniffOptions: Hashable, Sendable {
  /// The interfaces to capture on; with none the tool chooses.
  var interfaces: [String] = []
  /// All about capturing.
  var capture = CaptureOptions()
  /// Say which interfaces there are, and nothing else.
  var listsDevices = false
  /// Read packets from here.
  var readFile: String?
  /// Write packets to here.
  var writeFile: String?
  /// Stop after this many packets.
  var count: Int?
  /// Neither print nor write this many packets; they are numbered all the same.
  var skipCount = 0
  /// The number of the last packet wanted, if any is the last one.
  var lastNumber: Int? {
    count.map { count in
      let (sum, isTooMuch) = count.addingReportingOverflow(skipCount)
      return isTooMuch ? .max : sum
    }
  }
  /// Octets kept of each packet; 0 stands for all.
  var snapshotLength = 0
  /// Do not ask the interface for frames to other hosts.
  var isNotPromiscuous = false
  /// Write each line at once, also into a pipe.
  var isLineBuffered = false
  /// How often `-n` was given, and `-t`, `-x`, `-X`, `-A`, `-v`.
  var numeric = 0, times = 0, hex = 0, hexAndASCII = 0, ascii = 0, verbose = 0
  /// Times to the nanosecond.
  var printsNanoseconds = false
  /// The link header too.
  var showsLinkHeader = false
  /// Sequence numbers as they are.
  var isAbsolute = false
  /// Less about each protocol.
  var isQuick = false
  /// What datagrams and segments are taken for, whatever their ports.
  var forcedContent: PacketTextOptions.ForcedContent?
  /// No checksum is verified.
  var verifiesNoChecksums = false
  /// The two lengths before each packet.
  var showsLengths = false
  /// A number before each packet.
  var numbersPackets = false
  /// Events instead of text.
  var printsJSON = false
  /// Tell what the packets do instead of what they are.
  var tellsStory = false
  /// Ask questions about the packets of a story.
  var asksQuestions = false
  /// Write the story as a page to here.
  var reportFile: String?
  /// Where the packets come from, for the page.
  var origin = ""
  /// The fields to print of each packet, with commas.
  var fields: String?
  /// The display filter: which packets are shown.
  var displayFilter: String?
  /// The statistics to print at the end, with commas.
  var statistics: String?
  /// How many rows of each table of statistics are shown; 0 stands for all.
  var statisticsRows = 30
  /// Say at the end what is wrong.
  var listsFindings = false
  /// The conversation to show.
  var follow: String?
  /// Where the bodies of HTTP messages are written to.
  var exportFolder: String?
  /// Where what the ends of connections said is written to.
  var streamFolder: String?
}

extension SniffOptions {
  /// Everything that can be said on the command line.
  static let table = OptionTable<SniffOptions>(
    tool: SniffCommand.toolName,
    usage: [
      "[OPTION]... [FILTER]...", "[OPTION]... [FILTER]... -- COMMAND [ARGUMENT]...",
      "-r FILE [OPTION]... [FILTER]...",
    ],
    summary: """
      Captures packets and prints one line each, as tcpdump does, or tells their story: what each \
      packet does, and because of which earlier one. FILTER is an expression as in pcap-filter(7).
      """
  ) { options in
    options.group("Source")
    options.string(
      "i", "interface", "INTERFACE",
      help: """
        capture here, by name or number, also on several (-i eth0 -i eth1); \"any\" is all, and the \
        choice for a command
        """
    ) { $0.interfaces.append($1) }
    options.flag("D", "list-interfaces", help: "list the interfaces and end") {
      $0.listsDevices = true
    }
    options.string(
      "r", nil, "FILE",
      help: "read this pcap or pcapng file, packed by gzip or zstd or not; - is standard input"
    ) { $0.readFile = $1 }
    options.integer(
      "c", nil, "COUNT", in: 1...Int.max, help: "stop after COUNT packets"
    ) { $0.count = $1 }
    options.integer(
      nil, "skip", "COUNT", in: 0...Int.max, help: "pass over the first COUNT packets"
    ) { $0.skipCount = $1 }
    options.integer(
      "s", "snapshot-length", "OCTETS", in: 0...262_144,
      help: "keep so many octets of each packet; 0, the default, keeps all"
    ) { $0.snapshotLength = $1 }
    options.flag("p", "no-promiscuous-mode", help: "leave out frames for other hosts") {
      $0.isNotPromiscuous = true
    }
    CaptureOptions.saySource(&options)
    CaptureOptions.sayFilter(&options)

    options.group("Output")
    options.flag(nil, "story", help: "tell what the packets do, in plain words") {
      $0.tellsStory = true
    }
    options.flag(
      nil, "quiz",
      help: "tell the story with questions about its packets, and the answers at its end"
    ) {
      ($0.tellsStory, $0.asksQuestions) = (true, true)
    }
    options.string(
      nil, "report", "FILE",
      help: """
        tell the story, and write it to FILE as one web page that loads nothing: drawings, steps and the \
        octets of packets, field by field
        """
    ) {
      ($0.tellsStory, $0.reportFile) = (true, $1)
    }
    options.flag(
      nil, "json",
      help: "print events, one JSON object a line (docs/OUTPUT.md), instead of text"
    ) { $0.printsJSON = true }
    options.string(
      nil, "fields", "NAME,...",
      help: "print these fields of each packet, by tshark's names, with tabs; \"help\" lists them"
    ) { $0.fields = $1 }
    options.string(
      nil, "where", "EXPRESSION",
      help: """
        show, and write with -w, only packets of which this display filter holds, in tshark's \
        language: tcp.flags.syn == 1 and ip.addr == 192.0.2.0/24
        """
    ) { $0.displayFilter = $1 }
    options.string(
      nil, "stats", "KIND,...",
      help: "print tables at the end instead of packets: \(StatisticsChoice.wordList)"
    ) { $0.statistics = $1 }
    options.integer(
      nil, "stats-rows", "COUNT", in: 0...Int.max,
      help: "show so many rows of each table; 30 if not given, 0 shows all"
    ) { $0.statisticsRows = $1 }
    options.flag(nil, "expert", help: "print at the end what is wrong, the worst first") {
      $0.listsFindings = true
    }
    options.string(
      nil, "follow", "KIND:NUMBER[,FORM]",
      help: """
        show what the ends of a conversation said: tcp:3, udp:2, or the messages in a connection, \
        http:1, websocket:1; as text, hex or raw
        """
    ) { $0.follow = $1 }
    options.string(
      nil, "export-objects", "FOLDER",
      help: "write what was sent over HTTP to files in FOLDER, unpacked, and list them"
    ) { $0.exportFolder = $1 }
    options.string(
      nil, "export-streams", "FOLDER",
      help: "write what each end of each TCP connection said to a file in FOLDER, and list them"
    ) { $0.streamFolder = $1 }
    options.string(
      "w", nil, "FILE",
      help: """
        write a pcapng file if the name ends in .pcapng, with everything that a file read says, \
        and a pcap file otherwise; - is standard output
        """
    ) { $0.writeFile = $1 }
    options.flag("l", nil, help: "write each line at once, also into a pipe") {
      $0.isLineBuffered = true
    }
    CaptureOptions.sayOutput(&options)

    options.group("Line")
    options.flag("n", nil, help: "print numbers for addresses and ports") { $0.numeric += 1 }
    options.flag("e", nil, help: "print the link-layer header") { $0.showsLinkHeader = true }
    options.flag(
      "t", nil,
      help: """
        times: -t none, -tt seconds since 1970, -ttt since the line before, -tttt with the \
        date, -ttttt since the first line
        """
    ) { $0.times += 1 }
    options.flag(nil, "nano", help: "times with nine decimals of a second, also with -w") {
      $0.printsNanoseconds = true
    }
    options.flag(nil, "micro", help: "times with six decimals of a second, the default") {
      $0.printsNanoseconds = false
    }
    options.text(
      nil, "time-stamp-precision", "PRECISION", help: "micro or nano, as the two options above"
    ) { options, value throws(UsageError) in
      guard ["micro", "nano"].contains(value) else {
        throw UsageError("expected micro or nano, not \(UsageError.quoted(value))")
      }
      options.printsNanoseconds = value == "nano"
    }
    options.flag(
      "v", nil,
      help: "print more: IP header, checksums, what errors quote; of a story each header field"
    ) {
      $0.verbose += 1
    }
    options.flag("q", nil, help: "print less") { $0.isQuick = true }
    sayContent(&options)
    options.flag("S", "absolute-tcp-sequence-numbers", help: "do not count from the first one") {
      $0.isAbsolute = true
    }
    options.flag("K", "dont-verify-checksums", help: "do not say which checksums are right") {
      $0.verifiesNoChecksums = true
    }
    options.flag("#", "number", help: "number the packets") { $0.numbersPackets = true }
    options.flag(nil, "lengths", help: "print the captured and the original length") {
      $0.showsLengths = true
    }
    CaptureOptions.sayLine(&options)
    options.flag("x", nil, help: "print the octets in hex; -xx with the link header") {
      $0.hex += 1
    }
    options.flag("X", nil, help: "print the octets in hex and ASCII; -XX with the link header") {
      $0.hexAndASCII += 1
    }
    options.flag("A", nil, help: "print the octets as text") { $0.ascii += 1 }
  } notes: { notes in
    notes.example(
      "sniff-swift --story -- curl -s http://www.example.com/",
      "What happens when a page is fetched, packet by packet.")
    notes.example(
      "sniff-swift --quiz -r page.pcap", "The story for a classroom: with questions and answers.")
    notes.example("sniff-swift -n -i eth0 tcp port 443", "One line a packet.")
    notes.example("sniff-swift --story -r page.pcap", "The same story from a saved capture.")
    notes.example(
      "sniff-swift -i eth0 -w ring.pcap -C 100 -W 10",
      "The last thousand million octets, in ten files.")
    notes.example(
      "sniff-swift --report page.html -r page.pcap", "The story as a page for a browser.")
    notes.example(
      "sniff-swift -r page.pcap --fields frame.number,ip.src,ip.dst,dns.qry.name udp",
      "A table for other programs.")
    notes.example(
      "sniff-swift -r page.pcap --where 'http.response.code >= 400 or tcp.analysis.retransmission'",
      "What went wrong, and nothing else.")
    notes.exitCode(0, "all went well; with a command, the command's own code")
    notes.exitCode(
      1,
      """
      the capture failed, the file is damaged (what was readable is printed), or -w could not \
      hold all of it
      """)
    notes.exitCode(2, "a bad option or filter, or the capture could not be started")
  }
}
