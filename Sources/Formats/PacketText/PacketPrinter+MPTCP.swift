import PacketWire

extension PacketPrinter {
  /// Appends the value of a multipath TCP option (RFC 8684 §3; version 0: RFC 6824), in hex when its
  /// length is not its subtype's.
  func appendMultipath(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(octet: 0x20)
    out.append(decimal: value.count &+ 2)
    var reader = PacketReader(value)
    guard let option = try? MultipathOption(parsing: &reader) else { return }
    out.append(octet: 0x20)
    switch option.content {
    case .capable(let capable)?: append(capable, into: &out)
    case .join(let join)?: append(join, into: &out)
    case .sequence(let sequence)?: append(sequence, into: &out)
    case .addAddress(let added)?: append(added, into: &out)
    case .removeAddresses(let identifiers)?:
      out.append("rem-addr id")
      for identifier in identifiers {
        out.append(octet: 0x20)
        out.append(decimal: identifier)
      }
    case .priority(let isBackup, let identifier)?:
      out.append("prio")
      if isBackup { out.append(" backup") }
      append(" id ", identifier, into: &out)
    case .fail(let number)?:
      out.append("fail seq ")
      out.append(decimal: number)
    case .fastClose(let key)?:
      out.append("fast-close key 0x")
      out.append(hex: key, digits: 1)
    case nil:
      out.append("0x")
      for index in value.indices { out.append(hex: value[index]) }
    }
  }

  private func append(
    _ label: String, _ number: (some FixedWidthInteger)?, into out: inout TextBuffer
  ) {
    guard let number else { return }
    out.append(label)
    out.append(decimal: number)
  }

  private func append(_ capable: MultipathOption.Capable, into out: inout TextBuffer) {
    out.append("capable v")
    out.append(decimal: capable.version)
    out.append(" flags [")
    let flags = capable.flags
    if flags & 0x80 != 0 { out.append(octet: 0x41) }
    if flags & 0x40 != 0 { out.append(octet: 0x42) }
    if flags & 0x20 != 0 { out.append(octet: 0x43) }
    if flags & 0x01 != 0 { out.append(octet: 0x48) }
    if flags & 0xe1 == 0 { out.append("none") }
    out.append(octet: 0x5d)
    if flags & 0x80 != 0 { out.append(" csum") }
    guard let key = capable.senderKey else { return }
    out.append(" {0x")
    out.append(hex: key)
    if let key = capable.receiverKey {
      out.append(",0x")
      out.append(hex: key)
    }
    append(",data_len=", capable.dataLength, into: &out)
    if let checksum = capable.checksum {
      out.append(",csum=0x")
      out.append(hex: checksum, digits: 1)
    }
    out.append(octet: 0x7d)
  }

  private func append(_ join: MultipathOption.Join, into out: inout TextBuffer) {
    out.append("join")
    switch join {
    case .request(let isBackup, let identifier, let token, let nonce):
      append(isBackup: isBackup, identifier, into: &out)
      out.append(" token 0x")
      out.append(hex: token, digits: 1)
      out.append(" nonce 0x")
      out.append(hex: nonce, digits: 1)
    case .response(let isBackup, let identifier, let code, let nonce):
      append(isBackup: isBackup, identifier, into: &out)
      out.append(" hmac 0x")
      out.append(hex: code, digits: 1)
      out.append(" nonce 0x")
      out.append(hex: nonce, digits: 1)
    case .confirmation(let code):
      out.append(" hmac 0x")
      for octet in code { out.append(hex: octet) }
    }
  }

  private func append(isBackup: Bool, _ identifier: UInt8, into out: inout TextBuffer) {
    if isBackup { out.append(" backup") }
    out.append(" id ")
    out.append(decimal: identifier)
  }

  private func append(_ sequence: MultipathOption.DataSequence, into out: inout TextBuffer) {
    out.append("dss")
    if sequence.isLast { out.append(" fin") }
    append(" ack ", sequence.acknowledgment, into: &out)
    guard let mapping = sequence.mapping else { return }
    append(" seq ", mapping.sequenceNumber, into: &out)
    out.append(" subseq ")
    out.append(decimal: mapping.subflowSequenceNumber)
    out.append(" len ")
    out.append(decimal: mapping.dataLength)
    guard let checksum = mapping.checksum else { return }
    out.append(" csum 0x")
    out.append(hex: checksum, digits: 1)
  }

  private func append(
    _ label: String, _ number: MultipathOption.DataSequence.Number?, into out: inout TextBuffer
  ) {
    switch number {
    case .short(let number)?: append(label, number, into: &out)
    case .long(let number)?: append(label, number, into: &out)
    case nil: break
    }
  }

  private func append(_ added: MultipathOption.AddAddress, into out: inout TextBuffer) {
    out.append("add-addr v")
    out.append(decimal: added.version)
    if added.version == 0 {
      out.append("-ip")
      out.append(decimal: added.address.family.rawValue)
    } else if added.isEcho {
      out.append("-echo")
    }
    out.append(" id ")
    out.append(decimal: added.identifier)
    out.append(octet: 0x20)
    append(added.address, into: &out)
    append(":", added.port, into: &out)
    guard let code = added.code else { return }
    out.append(" hmac 0x")
    out.append(hex: code, digits: 1)
  }
}
