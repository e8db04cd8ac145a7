import CaptureFile
import LinuxSystem
import LiveCapture
import PacketWire

/// Packets from a capture file.
struct FileSource: ~Copyable {
  private var octets: FileOctets
  private let filter: PacketFilter
  private var reader = CaptureReader()
  private var programs: [(linkType: LinkType, program: FilterProgram?)] = []
  /// What `begin` has read.
  private var first: CaptureItem?

  /// Reads the packets of a file that pass `filter`.
  init(_ octets: consuming FileOctets, filter: PacketFilter) {
    self.octets = octets
    self.filter = filter
  }

  /// Reads as far as to know that this is a capture file; throws when it is none.
  mutating func begin() throws { first = try nextItem() }

  /// The link type of the first interface, if the file has one.
  mutating func linkType() throws -> LinkType? {
    while true {
      switch try nextItem() {
      case .interface(let index): return reader.interfaces[index].linkType
      case .packet(let packet): return packet.linkType
      case .end: return nil
      default: continue
      }
    }
  }

  /// Hands over every packet that passes the filter, until `take` wants no more; with it goes the
  /// number of its interface, where the file's format has such a thing.
  @inline(__always)
  mutating func run(_ take: (CapturedPacket, Int?, Span<UInt8>) -> Bool) throws {
    while true {
      switch try reader.next() {
      case .end: return
      case .needMoreOctets: try readMore()
      case .packet(let packet):
        guard try passes(packet) else { continue }
        let interface = reader.namesInterfaces ? packet.interface : nil
        if !reader.withOctets({ take(packet, interface, $0) }) { return }
      }
    }
  }

  /// Hands over whatever the file holds, packets if they pass the filter, until `take` wants no
  /// more. The reader lends the octets of packets.
  mutating func copy(_ take: (CaptureItem, CaptureReader) -> Bool) throws {
    while true {
      let item = if let first { first } else { try nextItem() }
      first = nil
      if case .end = item { return }
      if case .packet(let packet) = item, try !passes(packet) { continue }
      if !take(item, reader) { return }
    }
  }

  private mutating func nextItem() throws -> CaptureItem {
    while true {
      let item = try reader.nextItem()
      guard case .needMoreOctets = item else { return item }
      try readMore()
    }
  }

  /// The packet that the reader is at passes the filter.
  private mutating func passes(_ packet: CapturedPacket) throws(FilterError) -> Bool {
    guard !filter.isEmpty else { return true }
    guard let program = try program(for: packet.linkType) else { return false }
    return reader.withOctets { program.matches($0, originalLength: packet.originalLength) }
  }

  /// Nil where no packet of this link type can pass. That is an error in the filter unless packets
  /// of another link type came before, which could.
  private mutating func program(for linkType: LinkType) throws(FilterError) -> FilterProgram? {
    if let known = programs.first(where: { $0.linkType == linkType }) { return known.program }
    let program: FilterProgram?
    do throws(FilterError) {
      program = try filter.program(for: linkType)
    } catch {
      guard !programs.isEmpty else { throw error }
      program = nil
    }
    programs.append((linkType, program))
    if program?.matchesNothing == true { filter.warn(of: "in this file") }
    return program
  }

  /// Gives the reader the next octets of the file, or its end.
  private mutating func readMore() throws {
    if try !octets.appendNext(to: &reader) { reader.finish() }
  }
}
