import PacketWire

extension CaptureReader {
  /// Reads an Enhanced Packet Block (draft-ietf-opsawg-pcapng §4.3), or an obsolete Packet Block
  /// (Appendix A), which differs in the first four octets only.
  mutating func readPacket(_ type: UInt32, _ body: Range<Int>) throws(CaptureError)
    -> CapturedPacket
  {
    let index =
      type == PcapngBlock.packet ? UInt32(u16(at: body.lowerBound)) : u32(at: body.lowerBound)
    let (capturedLength, originalLength) = (
      u32(at: body.lowerBound + 12), u32(at: body.lowerBound + 16)
    )
    guard Int(index) < interfaces.count else {
      throw CaptureError(
        .block(type), at: offset, .unknownInterface(index, described: interfaces.count))
    }
    return try packet(
      type, of: Int(index), at: instant(at: body.lowerBound + 4, of: Int(index)),
      octets: body.lowerBound + 20..<body.upperBound, capturedLength: capturedLength,
      originalLength: originalLength)
  }

  /// Reads a Simple Packet Block (draft-ietf-opsawg-pcapng §4.4): it is of the first interface,
  /// whose snapshot length alone tells what was captured.
  mutating func readSimplePacket(_ body: Range<Int>) throws(CaptureError) -> CapturedPacket {
    let type = PcapngBlock.simplePacket
    let originalLength = u32(at: body.lowerBound)
    guard let interface = interfaces.first else {
      throw CaptureError(.block(type), at: offset, .unknownInterface(0, described: 0))
    }
    let limit = interface.snapshotLength == 0 ? UInt32.max : interface.snapshotLength
    return try packet(
      type, of: 0, at: WallInstant(nanoseconds: 0),
      octets: body.lowerBound + 4..<body.upperBound, capturedLength: min(originalLength, limit),
      originalLength: originalLength)
  }

  /// Hands out a packet whose octets, padding and options are in `octets`.
  private mutating func packet(
    _ type: UInt32, of interface: Int, at time: WallInstant, octets: Range<Int>,
    capturedLength: UInt32, originalLength: UInt32
  ) throws(CaptureError) -> CapturedPacket {
    guard Int(capturedLength) <= octets.count else {
      throw CaptureError(
        .block(type), at: offset, .badCapturedLength(capturedLength, limit: octets.count))
    }
    packetOctets = octets.prefix(Int(capturedLength))
    packetBlock = PacketBlock(type: type, offset: offset, octets: octets)
    packetCount += 1
    return CapturedPacket(
      number: packetCount, time: time, linkType: interfaces[interface].linkType,
      capturedLength: packetOctets.count, originalLength: Int(originalLength),
      interface: interface)
  }

  /// What the file says about the packet that `next()` gave last, beside its octets; nothing after
  /// any other step or `append`, and in pcap files. Only who asks pays for it.
  public func annotations() -> PacketAnnotations {
    var annotations = PacketAnnotations()
    let block = packetBlock
    guard block.type == PcapngBlock.packet || block.type == PcapngBlock.enhancedPacket else {
      return annotations
    }
    if block.type == PcapngBlock.packet {
      // The obsolete block has a field for it, in which all ones are "unknown".
      let dropCount = u16(at: block.octets.lowerBound - 18)
      annotations.dropCount = dropCount == .max ? nil : UInt64(dropCount)
    }
    let padded = (packetOctets.count + 3) & ~3
    var options = OptionWalk(
      type: block.type, offset: block.offset, rest: block.octets.dropFirst(padded),
      lengthOf: PacketOption.length)
    do throws(CaptureError) {
      while let option = try options.next(in: self) { read(option, block.type, into: &annotations) }
    } catch {
      annotations.problem = error
    }
    return annotations
  }

  private func read(
    _ option: OptionWalk.Option, _ type: UInt32, into annotations: inout PacketAnnotations
  ) {
    let value = option.value.lowerBound
    switch option.code {
    case CommonOption.comment:
      guard annotations.comments.count < Self.maximumComments else { return }
      annotations.comments.append(text(option.value))
    case PacketOption.flags: annotations.flags = PacketFlags(rawValue: u32(at: value))
    case PacketOption.dropCount: annotations.dropCount = u64(at: value)
    case PacketOption.packetIdentifier: annotations.packetIdentifier = u64(at: value)
    case PacketOption.queue: annotations.queue = u32(at: value)
    case PacketOption.process:
      annotations.process = CaptureProcess(process: u32(at: value), thread: u32(at: value + 4))
    default: break
    }
  }
}

/// Where the latest packet's block is, for those who ask for its options.
struct PacketBlock: Sendable {
  /// 0 where there is no packet, or no block.
  var type: UInt32 = 0
  /// Octets from the start of the file.
  var offset = 0
  /// Indices in the reader's buffer: the packet, its padding and its options.
  var octets = 0..<0
}
