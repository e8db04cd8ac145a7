import PacketWire

/// The extension structure of an error (RFC 4884 §7): what a router tells beside the quotation.
struct ErrorExtensions: Sendable {
  /// An error with extensions quotes so many octets at least, zeros behind a shorter packet (RFC 4884
  /// §4).
  static let leastQuotation = 128

  /// The structure, its checksum filled in; empty if there is nothing to tell.
  private(set) var octets: [UInt8] = []
  /// Exactly `leastQuotation` octets are quoted, and their number is not told.
  var isOldStyle = false

  /// Appends a label stack object (RFC 4950 §3): the labels with which the packet arrived, the top one
  /// first. Their time to live is the 1 with which they came to a router that had to complain.
  mutating func append(labels: [UInt32]) {
    guard !labels.isEmpty else { return }
    let value = [UInt8](capacity: MPLSLabel.length * labels.count) { out in
      for (index, label) in labels.enumerated() {
        MPLSLabel(label: label, isBottomOfStack: index == labels.count - 1, timeToLive: 1)
          .write(to: &out)
      }
    }
    append(classNumber: ICMPExtensionObject.labelStack, classType: 1, value)
  }

  /// Appends an interface information object (RFC 5837 §4) about the interface that the packet came
  /// in by: its number, address, name and, where the link has one, MTU.
  mutating func append(interface name: String, index: UInt32, _ address: IPAddress?, mtu: Int?) {
    // Role 0, the incoming interface; then a bit for each part (§4.1).
    let parts: [UInt8] = [0x08, address == nil ? 0 : 0x04, 0x02, mtu == nil ? 0 : 0x01]
    let value = [UInt8](capacity: 4 + 20 + 64 + 4) { out in
      out.append(bigEndian: index)
      switch address {
      case .v4(let address):
        out.append(bigEndian: UInt32(1 << 16))
        out.append(bigEndian: address.bits)
      case .v6(let address):
        out.append(bigEndian: UInt32(2 << 16))
        out.append(bigEndian: address.bits)
      case nil: break
      }
      let octets = Array(name.utf8.prefix(63))
      let length = (octets.count + 1 + 3) & ~3
      out.append(UInt8(length))
      out.append(copying: octets.span)
      out.append(repeating: 0, count: length - 1 - octets.count)
      if let mtu { out.append(bigEndian: UInt32(clamping: mtu)) }
    }
    append(
      classNumber: ICMPExtensionObject.interfaceInformation, classType: parts.reduce(0, |), value)
  }

  private mutating func append(classNumber: UInt8, classType: UInt8, _ value: [UInt8]) {
    if octets.isEmpty {
      octets = [UInt8](capacity: ICMPExtensionHeader.length) {
        ICMPExtensionHeader().write(to: &$0)
      }
    }
    octets += [UInt8](capacity: 4 + value.count) {
      $0.append(bigEndian: UInt16(clamping: 4 + value.count))
      $0.append(classNumber)
      $0.append(classType)
      $0.append(copying: value.span)
    }
    octets.setWord(at: 2, 0)
    var sum = InternetChecksum()
    sum.add(octets.span)
    octets.setWord(at: 2, sum.value)
  }
}
