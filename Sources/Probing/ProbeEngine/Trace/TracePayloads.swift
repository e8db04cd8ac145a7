import PacketWire

/// A DNS query as a probe: for the name servers of the root, which every resolver knows.
enum DNSProbe {
  /// Header, question, and an OPT record with a cookie of eight octets (RFC 6891 §6.1, RFC 7873 §4).
  static let length = 12 + 5 + 11 + 12

  static func query(identifier: UInt16, cookie: UInt64) -> [UInt8] {
    [UInt8](capacity: length) { out in
      out.append(bigEndian: identifier)
      out.append(bigEndian: UInt16(0x0100))  // recursion desired
      for count in [1, 0, 0, 1] as [UInt16] { out.append(bigEndian: count) }
      out.append(0)  // the root
      out.append(bigEndian: UInt16(2))  // NS
      out.append(bigEndian: UInt16(1))  // IN
      out.append(0)
      out.append(bigEndian: UInt16(41))  // OPT
      out.append(bigEndian: UInt16(1_232))  // octets that may come back in one datagram
      out.append(bigEndian: UInt32(0))
      out.append(bigEndian: UInt16(12))
      out.append(bigEndian: EDNSOptionCode.cookie.rawValue)
      out.append(bigEndian: UInt16(8))
      out.append(bigEndian: cookie)
    }
  }
}

/// The first packet of a QUIC connection as a probe.
///
/// It asks for a version of the form 0x?a?a?a?a, which no server speaks, so that a server says which it does
/// and keeps no state (RFC 9000 §6.1, §15); nothing behind the connection identifiers has to be enciphered.
enum QUICProbe {
  /// A server leaves shorter datagrams without an answer (RFC 9000 §14.1).
  static let length = 1_200
  private static let version: UInt32 = 0x1a2a_3a4a

  static func packet(number: UInt16, cookie: UInt64, length: Int) -> [UInt8] {
    [UInt8](capacity: length) { out in
      out.append(0xc0)  // long header, fixed bit, initial
      out.append(bigEndian: version)
      out.append(8)
      out.append(bigEndian: cookie)  // the destination's connection identifier
      out.append(2)
      out.append(bigEndian: number)  // and ours
      out.append(0)  // no token
      // The length of the rest, as a variable-length integer of two octets (RFC 9000 §16).
      let rest = length - out.count - 2
      out.append(bigEndian: UInt16(truncatingIfNeeded: rest) | 0x4000)
      out.append(repeating: 0, count: rest)
    }
  }
}
