import CaptureFile
import PacketWire

/// All that a reader gave of one file.
struct Reading: Equatable {
  struct Packet: Equatable {
    var described: CapturedPacket
    var octets: [UInt8]
  }

  var packets: [Packet] = []
  /// Nil when the file ended well.
  var error: CaptureError?

  /// Reads `file` in chunks of `chunkLength` octets, asking for packets after each.
  init(_ file: [UInt8], chunkLength: Int = .max) {
    var reader = CaptureReader()
    do throws(CaptureError) {
      var rest = file[...]
      repeat {
        try takePackets(of: &reader)
        let chunk = Array(rest.prefix(chunkLength))
        rest = rest.dropFirst(chunkLength)
        reader.append(chunk.span)
      } while !rest.isEmpty
      try takePackets(of: &reader)
      reader.finish()
      try takePackets(of: &reader)
    } catch { self.error = error }
  }

  private mutating func takePackets(of reader: inout CaptureReader) throws(CaptureError) {
    while case .packet(let packet) = try reader.next() {
      let octets = reader.withOctets { [UInt8](copying: $0) }
      packets.append(Packet(described: packet, octets: octets))
    }
  }
}

extension CaptureReader {
  /// Adds octets that no variable owns.
  mutating func append(_ octets: [UInt8]) { append(octets.span) }
}
