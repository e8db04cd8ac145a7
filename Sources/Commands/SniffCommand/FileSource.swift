import CaptureFile
import LinuxSystem
import LiveCapture
import PacketWire

/// Packets from a capture file.
struct FileSource: ~Copyable {
  private let file: Descriptor
  private let filter: String
  private var reader = CaptureReader()
  private var programs: [(linkType: LinkType, program: FilterBox)] = []
  private var buffer = [UInt8](repeating: 0, count: 262_144)

  /// A filter may be needed for several link types, and a program cannot be copied.
  private final class FilterBox {
    private let program: FilterProgram

    init(_ program: consuming FilterProgram) { self.program = program }

    func matches(_ octets: Span<UInt8>, _ originalLength: Int) -> Bool {
      program.matches(octets, originalLength: originalLength)
    }
  }

  /// Opens `path`; `-` is standard input.
  init(_ path: String, filter: String) throws(SystemError) {
    file =
      path == "-"
      ? try Descriptor.duplicate(of: StandardStream.input) : try Descriptor.openForReading(path)
    self.filter = filter
  }

  /// How the file's packets begin, if that is known before the first of them.
  mutating func linkType() throws -> LinkType? {
    while reader.interfaces.isEmpty {
      // Asking for a packet reads the headers before it, and hands nothing out yet when there are
      // too few octets for it.
      guard try readMore() else { return nil }
      var probe = reader
      while case .packet? = try? probe.next() { break }
      if let first = probe.interfaces.first { return first.linkType }
    }
    return reader.interfaces.first?.linkType
  }

  /// Hands over every packet that passes the filter, until `body` wants no more; with it goes the
  /// number of its interface, where the file's format has such a thing.
  mutating func run(_ body: (CapturedPacket, Int?, Span<UInt8>) -> Bool) throws {
    while true {
      switch try reader.next() {
      case .end: return
      case .needMoreOctets: _ = try readMore()
      case .packet(let packet):
        let wantsMore = try take(packet, body)
        if !wantsMore { return }
      }
    }
  }

  private mutating func take(
    _ packet: CapturedPacket, _ body: (CapturedPacket, Int?, Span<UInt8>) -> Bool
  ) throws -> Bool {
    let interface = reader.namesInterfaces ? packet.interface : nil
    guard !filter.isEmpty else { return reader.withOctets { body(packet, interface, $0) } }
    let program = try program(for: packet.linkType)
    return reader.withOctets { octets in
      program.matches(octets, packet.originalLength) ? body(packet, interface, octets) : true
    }
  }

  private mutating func program(for linkType: LinkType) throws(FilterError) -> FilterBox {
    if let known = programs.first(where: { $0.linkType == linkType }) { return known.program }
    let program = FilterBox(try FilterProgram(filter, linkType: linkType))
    programs.append((linkType, program))
    return program
  }

  /// Reads the next octets of the file; false at its end.
  private mutating func readMore() throws(SystemError) -> Bool {
    var count = try file.read(into: &buffer)
    while count == nil {
      // A pipe that somebody made nonblocking has nothing for us yet.
      var poller = Poller()
      _ = poller.add(file.rawValue, interest: .read)
      try poller.wait(until: nil)
      count = try file.read(into: &buffer)
    }
    guard let count, count > 0 else {
      reader.finish()
      return false
    }
    let chunk = buffer
    reader.append(chunk.span.extracting(first: count))
    return true
  }
}
