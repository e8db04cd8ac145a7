import PacketWire

extension CaptureReader {
  /// So many interfaces a section may describe; Wireshark's largest test files hold a few hundred.
  static let maximumInterfaces = 65_536

  /// The byte order of the section that starts here (draft-ietf-opsawg-pcapng §4.1).
  mutating func readByteOrder() throws(CaptureError) {
    let magic = buffer.span.u32(at: start + 8)
    switch magic {
    case 0x1a2b_3c4d: isLittleEndian = false
    case 0x4d3c_2b1a: isLittleEndian = true
    default:
      throw CaptureError(
        .block(PcapngBlock.sectionHeader), at: offset, .badByteOrderMagic(magic))
    }
  }

  /// Starts a section: it knows no interface of the section before. Its length field is not
  /// needed, and files are known where it is wrong.
  mutating func readSectionHeader(_ body: Range<Int>) throws(CaptureError) {
    let (major, minor) = (u16(at: body.lowerBound + 4), u16(at: body.lowerBound + 6))
    // A reader of 1.0 can read any 1.x, and 1.2 is in fact the same (§4.1).
    guard major == 1 else {
      throw CaptureError(
        .block(PcapngBlock.sectionHeader), at: offset,
        .unsupportedVersion(major: major, minor: minor))
    }
    interfaces.removeAll(keepingCapacity: true)
  }

  /// Adds an interface (draft-ietf-opsawg-pcapng §4.2).
  mutating func readInterface(_ body: Range<Int>) throws(CaptureError) {
    guard interfaces.count < Self.maximumInterfaces else {
      throw interfaceError(.tooManyInterfaces(limit: Self.maximumInterfaces))
    }
    var interface = CaptureInterface(
      linkType: LinkType(rawValue: UInt32(u16(at: body.lowerBound))),
      snapshotLength: u32(at: body.lowerBound + 4))
    var seconds: Int64 = 0
    var options = body.dropFirst(8)
    while let (code, value) = try nextOption(&options) {
      switch code {
      case InterfaceOption.name:
        interface.name = buffer.span.extracting(value).text
      case InterfaceOption.resolution:
        guard let clock = CaptureClock(resolution: buffer[value.lowerBound]) else {
          throw interfaceError(.unsupportedResolution(buffer[value.lowerBound]))
        }
        interface.clock = clock
      case InterfaceOption.offset:
        seconds = Int64(bitPattern: u64(at: value.lowerBound))
      default: break
      }
    }
    interface.clock.offset = seconds
    interfaces.append(interface)
  }

  /// The next option of an interface (draft-ietf-opsawg-pcapng §3.5); nil at opt_endofopt or, as
  /// many writers leave that out, at the block's end.
  private func nextOption(
    _ options: inout Range<Int>
  ) throws(CaptureError) -> (code: UInt16, value: Range<Int>)? {
    guard options.count >= 4 else { return nil }
    let code = u16(at: options.lowerBound)
    let length = u16(at: options.lowerBound + 2)
    guard code != InterfaceOption.end else { return nil }
    let value = options.lowerBound + 4..<options.lowerBound + 4 + Int(length)
    let padded = (Int(length) + 3) & ~3
    guard padded <= options.count - 4, length == InterfaceOption.length(of: code) ?? length else {
      throw interfaceError(.badOption(code: code, length: length))
    }
    options = value.lowerBound + padded..<options.upperBound
    return (code, value)
  }

  private func interfaceError(_ reason: CaptureError.Reason) -> CaptureError {
    CaptureError(.block(PcapngBlock.interfaceDescription), at: offset, reason)
  }
}

/// Option codes of Interface Description Blocks.
private enum InterfaceOption {
  static let end: UInt16 = 0
  static let name: UInt16 = 2
  static let resolution: UInt16 = 9
  static let offset: UInt16 = 14

  /// The length that an option of fixed length has.
  static func length(of code: UInt16) -> UInt16? {
    switch code {
    case resolution: 1
    case offset: 8
    default: nil
    }
  }
}

extension Span<UInt8> {
  /// The octets as UTF-8, with U+FFFD for what is none.
  fileprivate var text: String { String(decoding: [UInt8](copying: self), as: UTF8.self) }
}
