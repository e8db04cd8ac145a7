import CaptureFile
import PacketWire

/// All that a reader gave of one file, packets and what stands between them.
struct Items: Equatable {
  struct Packet: Equatable {
    var described: CapturedPacket
    var octets: [UInt8]
    var annotations: PacketAnnotations
  }

  var packets: [Packet] = []
  var sections: [CaptureSection] = []
  var interfaces: [CaptureInterface] = []
  /// Everything but packets, in the file's order.
  var others: [CaptureItem] = []
  var records: CaptureRecords
  var skipped: SkippedBlockCounts
  var error: CaptureError?

  init(_ file: [UInt8], chunkLength: Int = .max) {
    var reader = CaptureReader()
    (records, skipped) = (reader.records, reader.skippedBlocks)
    do throws(CaptureError) {
      var rest = file[...]
      var hasMore = true
      while hasMore {
        let item = try reader.nextItem()
        switch item {
        case .packet(let packet):
          packets.append(
            Packet(
              described: packet, octets: reader.withOctets { [UInt8](copying: $0) },
              annotations: reader.annotations()))
        case .needMoreOctets:
          if rest.isEmpty { reader.finish() }
          let chunk = Array(rest.prefix(chunkLength))
          rest = rest.dropFirst(chunkLength)
          reader.append(chunk.span)
        case .end: hasMore = false
        case .section: sections.append(reader.section)
        case .interface(let index): interfaces.append(reader.interfaces[index])
        case .names, .statistics, .secrets, .skipped: break
        }
        switch item {
        case .packet, .needMoreOctets, .end: break
        default: others.append(item)
        }
      }
    } catch { self.error = error }
    (records, skipped) = (reader.records, reader.skippedBlocks)
  }
}
