import PacketWire

// Telnet commands stand between the octets of a terminal (RFC 854): only those that a segment begins
// with are told.
extension PacketPrinter {
  private static var interpretAsCommand: UInt8 { 255 }
  private static var subnegotiation: UInt8 { 250 }
  private static var endOfSubnegotiation: UInt8 { 240 }

  /// Appends the commands that `payload` begins with; nothing if it begins with none.
  mutating func appendTelnet(_ payload: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset < payload.count, payload[offset] == Self.interpretAsCommand {
      let start = out.count
      out.append(offset == 0 ? " [telnet " : ", ")
      guard let end = appendTelnetCommand(payload, at: offset, into: &out) else {
        out.truncate(to: start)
        break
      }
      offset = end
    }
    if offset > 0 { out.append(octet: 0x5d) }
  }

  /// Appends the command at `offset` and gives back where it ends; nil when it is cut or unknown.
  private func appendTelnetCommand(
    _ payload: Span<UInt8>, at offset: Int, into out: inout TextBuffer
  ) -> Int? {
    guard offset &+ 1 < payload.count, let name = TelnetNames.command(payload[offset &+ 1])
    else { return nil }
    let command = payload[offset &+ 1]
    out.append(name)
    guard (Self.subnegotiation...254).contains(command) else { return offset &+ 2 }
    guard offset &+ 2 < payload.count else { return nil }
    let option = payload[offset &+ 2]
    out.append(octet: 0x20)
    append(option, TelnetNames.option(option), into: &out)
    guard command == Self.subnegotiation else { return offset &+ 3 }
    return appendSubnegotiation(option, payload, at: offset &+ 3, into: &out)
  }

  private func appendSubnegotiation(
    _ option: UInt8, _ payload: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Int? {
    var end = start
    while end &+ 1 < payload.count,
      payload[end] != Self.interpretAsCommand || payload[end &+ 1] != Self.endOfSubnegotiation
    { end &+= 1 }
    guard end &+ 1 < payload.count else { return nil }
    var index = start
    while index < end {
      out.append(octet: 0x20)
      let number = payload[index]
      switch index &- start {
      case 0: append(number, TelnetNames.verb(number, of: option), into: &out)
      case 1: append(number, TelnetNames.kind(number, of: option), into: &out)
      default: append(number, nil, into: &out)
      }
      index &+= 1
    }
    out.append(" SE")
    return end &+ 2
  }

  /// Appends a name, or a number in hex; zero stands without `0x`.
  private func append(_ number: UInt8, _ name: String?, into out: inout TextBuffer) {
    if let name { return out.append(name) }
    if number != 0 { out.append("0x") }
    out.append(hex: number, digits: 1)
  }
}

/// The names of Telnet's numbers (RFC 854, IANA "Telnet Options").
enum TelnetNames {
  /// What stands behind the octet 255, itself told by two of them; nil for what is no command.
  static func command(_ number: UInt8) -> String? {
    switch number {
    case 236: "EOF"
    case 237: "SUSP"
    case 238: "ABORT"
    case 239: "EOR"
    case 240: "SE"
    case 241: "NOP"
    case 242: "DMARK"
    case 243: "BRK"
    case 244: "IP"
    case 245: "AO"
    case 246: "AYT"
    case 247: "EC"
    case 248: "EL"
    case 249: "GA"
    case 250: "SB"
    case 251: "WILL"
    case 252: "WONT"
    case 253: "DO"
    case 254: "DONT"
    case 255: "IAC IAC"
    default: nil
    }
  }

  /// What is offered or asked for.
  static func option(_ number: UInt8) -> String? {
    let names = [
      "BINARY", "ECHO", "RCP", "SUPPRESS GO AHEAD", "NAME", "STATUS", "TIMING MARK", "RCTE",
      "NAOL", "NAOP", "NAOCRD", "NAOHTS", "NAOHTD", "NAOFFD", "NAOVTS", "NAOVTD", "NAOLFD",
      "EXTEND ASCII", "LOGOUT", "BYTE MACRO", "DATA ENTRY TERMINAL", "SUPDUP", "SUPDUP OUTPUT",
      "SEND LOCATION", "TERMINAL TYPE", "END OF RECORD", "TACACS UID", "OUTPUT MARKING", "TTYLOC",
      "3270 REGIME", "X.3 PAD", "NAWS", "TSPEED", "LFLOW", "LINEMODE", "XDISPLOC", "OLD-ENVIRON",
      "AUTHENTICATION", "ENCRYPT", "NEW-ENVIRON",
    ]
    return Int(number) < names.count ? names[Int(number)] : nil
  }

  /// The first octet of a subnegotiation, which each option counts for itself.
  static func verb(_ number: UInt8, of option: UInt8) -> String? {
    let names: [String]
    switch option {
    case 37: names = ["IS", "SEND", "REPLY", "NAME"]
    case 38:
      names = [
        "IS", "SUPPORT", "REPLY", "START", "END", "REQUEST-START", "REQUEST-END", "END_KEYID",
        "DEC_KEYID",
      ]
    default: names = ["IS", "SEND", "INFO"]
    }
    return Int(number) < names.count ? names[Int(number)] : nil
  }

  /// The second one, where it names a method (RFC 2941 §2, RFC 2946 §3).
  static func kind(_ number: UInt8, of option: UInt8) -> String? {
    let names: [String?]
    switch option {
    case 37:
      names = [
        "NULL", "KERBEROS_V4", "KERBEROS_V5", "SPX", "MINK", "SRP", "RSA", "SSL", nil, nil, "LOKI",
        "SSA", "KEA_SJ", "KEA_SJ_INTEG", "DSS", "NTLM",
      ]
    case 38:
      names = [
        "NULL", "DES_CFB64", "DES_OFB64", "DES3_CFB64", "DES3_OFB64", nil, "CAST5_40_CFB64",
        "CAST5_40_OFB64", "CAST128_CFB64", "CAST128_OFB64",
      ]
    default: names = []
    }
    return Int(number) < names.count ? names[Int(number)] : nil
  }
}
