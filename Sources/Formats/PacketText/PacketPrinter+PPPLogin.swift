import PacketWire

extension PacketPrinter {
  /// Appends a packet of the password authentication protocol (RFC 1334 §2.2).
  mutating func appendPassword(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard let declared = beginLogin("PAP, ", body, into: &out) else { return }
    let data = body.extracting(4..<max(4, min(declared, body.count)))
    switch body[0] {
    case 1:
      guard let count = data.first.map(Int.init), data.count > count &+ 1,
        data.count >= count &+ 2 &+ Int(data[count &+ 1])
      else { return appendCut("pap", into: &out) }
      out.append(", Peer ")
      out.append(caret: data.extracting(1..<count &+ 1))
      out.append(", Name ")
      let start = count &+ 2
      out.append(caret: data.extracting(start..<start &+ Int(data[count &+ 1])))
    case 2, 3:
      guard let count = data.first.map(Int.init) else { return }
      guard data.count > count else { return appendCut("pap", into: &out) }
      out.append(", Msg ")
      out.append(caret: data.extracting(1..<count &+ 1))
    default: break
    }
  }

  /// Appends a packet of the challenge handshake authentication protocol (RFC 1994 §4).
  mutating func appendChallenge(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard let declared = beginLogin("CHAP, ", body, into: &out) else { return }
    let data = body.extracting(4..<max(4, min(declared, body.count)))
    switch body[0] {
    case 1, 2:
      guard let count = data.first.map(Int.init), data.count > count else {
        return appendCut("chap", into: &out)
      }
      out.append(", Value ")
      for index in 1..<count &+ 1 { out.append(hex: data[index]) }
      out.append(", Name ")
      out.append(caret: data.extracting(droppingFirst: count &+ 1))
    case 3, 4:
      out.append(", Msg ")
      out.append(caret: data)
    default: break
    }
  }

  /// Appends the code and the identifier, and returns the packet's own length.
  private mutating func beginLogin(
    _ name: String, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Int? {
    guard body.count >= 4 else {
      appendCut(name == "PAP, " ? "pap" : "chap", into: &out)
      return nil
    }
    out.append(name)
    switch (name, body[0]) {
    case ("PAP, ", 1): out.append("Auth-Req")
    case ("PAP, ", 2): out.append("Auth-ACK")
    case ("PAP, ", 3): out.append("Auth-NACK")
    case ("CHAP, ", 1): out.append("Challenge")
    case ("CHAP, ", 2): out.append("Response")
    case ("CHAP, ", 3): out.append("Success")
    case ("CHAP, ", 4): out.append("Fail")
    default: out.append("unknown")
    }
    out.append(" (0x")
    out.append(hex: body[0])
    out.append("), id ")
    out.append(decimal: body[1])
    return Int(body.u16(at: 2))
  }
}
