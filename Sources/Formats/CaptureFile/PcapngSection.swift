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
    sectionTextLength = 0
    var section = CaptureSection()
    var options = options(body.dropFirst(16), of: PcapngBlock.sectionHeader)
    while let option = try options.next(in: self) {
      switch option.code {
      case CommonOption.comment: addSectionComment(option.value, to: &section.comments)
      case SectionOption.hardware: section.hardware = sectionText(option.value)
      case SectionOption.operatingSystem: section.operatingSystem = sectionText(option.value)
      case SectionOption.application: section.application = sectionText(option.value)
      default: break
      }
    }
    self.section = section
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
    var options = options(
      body.dropFirst(8), of: PcapngBlock.interfaceDescription, lengthOf: InterfaceOption.length)
    while let option = try options.next(in: self) {
      switch option.code {
      case InterfaceOption.resolution:
        guard let clock = CaptureClock(resolution: buffer[option.value.lowerBound]) else {
          throw interfaceError(.unsupportedResolution(buffer[option.value.lowerBound]))
        }
        interface.clock = clock
      case InterfaceOption.offset: seconds = Int64(bitPattern: u64(at: option.value.lowerBound))
      default: readText(option, of: &interface)
      }
    }
    interface.clock.offset = seconds
    interfaces.append(interface)
  }

  /// Takes one of the options of an interface that are text.
  private mutating func readText(_ option: OptionWalk.Option, of interface: inout CaptureInterface)
  {
    let value = option.value
    switch option.code {
    case CommonOption.comment: addSectionComment(value, to: &interface.comments)
    case InterfaceOption.name: interface.name = sectionText(value)
    case InterfaceOption.description: interface.interfaceDescription = sectionText(value)
    case InterfaceOption.operatingSystem: interface.operatingSystem = sectionText(value)
    case InterfaceOption.hardware: interface.hardware = sectionText(value)
    case InterfaceOption.filter:
      // The first octet says what kind of filter it is; 1 is a program for BPF's machine.
      guard !value.isEmpty, buffer[value.lowerBound] == 0 else { return }
      interface.filter = sectionText(value.dropFirst())
    default: break
    }
  }

  private func interfaceError(_ reason: CaptureError.Reason) -> CaptureError {
    CaptureError(.block(PcapngBlock.interfaceDescription), at: offset, reason)
  }
}
