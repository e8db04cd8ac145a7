import CommandLineKit
import LiveCapture

/// How the options of a capture are said; each group where it belongs in the help.
extension CaptureOptions {
  static func saySource(_ options: inout OptionWalk<SniffOptions>) {
    options.string(
      "V", nil, "FILE", help: "read the files that this file names, one a line, one after another"
    ) { $0.capture.fileList = $1 }
    options.string(
      "F", nil, "FILE", help: "read the filter from this file; # begins a comment"
    ) { $0.capture.filterFile = $1 }
    options.text(
      "Q", "direction", "DIRECTION",
      help: "capture only what comes in (in), goes out (out), or both"
    ) { options, value throws(UsageError) in
      switch value {
      case "in": options.capture.direction = .in
      case "out": options.capture.direction = .out
      case "inout": options.capture.direction = .inout
      default: throw UsageError("expected in, out or inout, not \(UsageError.quoted(value))")
      }
    }
    options.integer(
      "B", "buffer-size", "KIB", in: 1...(1 << 20),
      help: "let the kernel keep so many KiB of packets that nobody has read yet"
    ) { $0.capture.bufferSize = $1 }
    options.flag(
      nil, "immediate-mode", help: "hand over each packet at once; a terminal gets them so anyway"
    ) { $0.capture.isImmediate = true }
    options.string(
      "y", "linktype", "TYPE", help: "let frames begin with this link type, or compile -d for it"
    ) { $0.capture.linkTypeName = $1 }
    options.flag("L", "list-data-link-types", help: "list the interface's link types and end") {
      $0.capture.listsLinkTypes = true
    }
    options.string(
      "j", "time-stamp-type", "TYPE", help: "take the time stamps of this kind"
    ) { $0.capture.timestampTypeName = $1 }
    options.flag(
      "J", "list-time-stamp-types", help: "list the interface's kinds of time stamps and end"
    ) { $0.capture.listsTimestampTypes = true }
    options.flag("I", "monitor-mode", help: "capture all frames of the air (802.11)") {
      $0.capture.isMonitor = true
    }
    options.flag(
      nil, "everything", help: "with a command, capture also what is not the command's"
    ) { $0.capture.capturesAll = true }
    options.string(
      "Z", "relinquish-privileges", "USER",
      help: "become this user once everything is open; files are his"
    ) { $0.capture.user = $1 }
  }

  static func sayOutput(_ options: inout OptionWalk<SniffOptions>) {
    options.flag(nil, "print", help: "print packets too where -w writes them") {
      $0.capture.printsToo = true
    }
    options.flag(nil, "count", help: "print only how many packets there are") {
      $0.capture.countsOnly = true
    }
    options.string(
      nil, "output", "FILE", help: "write to FILE what would be printed; -C and -G cut it too"
    ) { $0.capture.textFile = $1 }
    options.text(
      "C", nil, "SIZE",
      help: "begin another file after SIZE millions of octets; with k, m or g: KiB, MiB or GiB"
    ) { options, value throws(UsageError) in options.capture.fileSize = try size(value) }
    options.integer(
      "G", nil, "SECONDS", in: 1...Int(Int32.max),
      help:
        "begin another file after so many seconds; its name may hold %H and others (strftime(3))"
    ) { $0.capture.filePeriod = $1 }
    options.integer(
      "W", nil, "COUNT", in: 1...1_000_000_000,
      help: "with -C go through COUNT files again and again; with -G end after COUNT"
    ) { $0.capture.fileCount = $1 }
    options.string(
      "z", nil, "COMMAND", help: "run COMMAND FILE on each file that is full, without a shell"
    ) { $0.capture.afterFile = $1 }
    options.flag("U", "packet-buffered", help: "write each packet at once, also into a file") {
      $0.capture.isPacketBuffered = true
    }
  }

  static func sayLine(_ options: inout OptionWalk<SniffOptions>) {
    options.flag(
      nil, "processes",
      help: "say which process a packet belongs to, live or as a pcapng file has it"
    ) {
      $0.capture.showsProcesses = true
    }
    options.flag("N", nil, help: "print names of hosts without their domain") {
      $0.capture.hasShortNames = true
    }
    options.flag("f", nil, help: "print IPv4 addresses beyond the interface's network as numbers") {
      $0.capture.hasForeignNumbers = true
    }
  }

  static func sayFilter(_ options: inout OptionWalk<SniffOptions>) {
    options.group("Filter")
    options.flag(
      "d", nil, help: "print the compiled filter and end; -dd for C, -ddd as numbers"
    ) { $0.capture.dumpCount += 1 }
    options.flag(
      nil, "explain-filter",
      help: "say what the filter means and end; with -d also what each instruction does"
    ) { $0.capture.explainsFilter = true }
    options.flag(
      nil, "exact-filter", help: "let it not look through VLAN tags: tcpdump's filter"
    ) { $0.capture.isExact = true }
    options.flag("O", "no-optimize", help: "leave the compiled filter as it is") {
      $0.capture.isUnoptimized = true
    }
  }

  /// Octets from "5" (millions), "5k", "5m" or "5g".
  private static func size(_ text: String) throws(UsageError) -> Int {
    let units: [(String, Int)] = [("k", 1 << 10), ("m", 1 << 20), ("g", 1 << 30)]
    let unit = units.first { text.lowercased().hasSuffix($0.0) }
    let digits = unit == nil ? text : String(text.dropLast())
    return try NumberText.integer(digits, in: 1...1_000_000_000) * (unit?.1 ?? 1_000_000)
  }
}
