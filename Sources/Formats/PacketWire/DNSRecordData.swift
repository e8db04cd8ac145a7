/// The content of a resource record, by its type.
public enum DNSRecordData: Hashable, Sendable {
  /// A (RFC 1035 §3.4.1).
  case a(IPv4Address)
  /// AAAA (RFC 3596 §2.2).
  case aaaa(IPv6Address)
  /// CNAME, NS or PTR: the record's type says which.
  case name(DNSName)
  /// MX (RFC 1035 §3.3.9); the lowest preference is tried first.
  case mx(preference: UInt16, exchange: DNSName)
  /// TXT (RFC 1035 §3.3.14): strings of at most 255 octets.
  case txt([[UInt8]])
  /// SOA (RFC 1035 §3.3.13).
  case soa(StartOfAuthority)
  /// Any other type, or a known type with a content that does not fit it, as it was.
  case opaque([UInt8])

  /// The content of an SOA record; times in seconds.
  public struct StartOfAuthority: Hashable, Sendable {
    /// The zone's primary name server.
    public var primaryServer: DNSName
    /// The mailbox of who is responsible, with a dot for the at sign.
    public var mailbox: DNSName
    /// The zone's version.
    public var serial: UInt32
    /// How often secondaries ask for a new version.
    public var refresh: UInt32
    /// How soon they ask again after a failure.
    public var retry: UInt32
    /// After how long without contact they stop answering.
    public var expire: UInt32
    /// For how long "there is no such thing" may be remembered (RFC 2308 §4).
    public var minimum: UInt32

    /// Content from its fields.
    public init(
      primaryServer: DNSName, mailbox: DNSName, serial: UInt32, refresh: UInt32, retry: UInt32,
      expire: UInt32, minimum: UInt32
    ) {
      (self.primaryServer, self.mailbox, self.serial) = (primaryServer, mailbox, serial)
      (self.refresh, self.retry, self.expire, self.minimum) = (refresh, retry, expire, minimum)
    }
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    switch self {
    case .a: 4
    case .aaaa: 16
    case .name(let name): name.length
    case .mx(_, let exchange): 2 + exchange.length
    case .txt(let strings): strings.reduce(0) { $0 + 1 + $1.count }
    case .soa(let soa): soa.primaryServer.length + soa.mailbox.length + 20
    case .opaque(let octets): octets.count
    }
  }

  /// Reads the content at `range` of `message`; `nil` when it is not exactly what `type` asks for,
  /// for then only the raw octets can be written back as they were.
  init?(_ type: DNSType, in message: Span<UInt8>, _ range: Range<Int>) {
    let inside = message.extracting(first: range.upperBound)
    var offset = range.lowerBound
    do throws(PacketError) {
      switch type {
      case .a:
        self = .a(IPv4Address(bits: try DNSMessage.take(4, of: inside, at: &offset).u32(at: 0)))
      case .aaaa:
        self = .aaaa(IPv6Address(try DNSMessage.take(16, of: inside, at: &offset), at: 0))
      case .cname, .ns, .ptr: self = .name(try DNSName(in: inside, at: &offset))
      case .mx:
        let preference = try DNSMessage.take(2, of: inside, at: &offset).u16(at: 0)
        self = .mx(preference: preference, exchange: try DNSName(in: inside, at: &offset))
      case .txt: self = .txt(try Self.strings(in: inside, at: &offset))
      case .soa: self = .soa(try StartOfAuthority(in: inside, at: &offset))
      default: return nil
      }
    } catch {
      return nil
    }
    guard offset == range.upperBound else { return nil }
  }

  private static func strings(
    in octets: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    while offset < octets.count {
      let count = Int(try DNSMessage.take(1, of: octets, at: &offset)[0])
      strings.append(Array(copying: try DNSMessage.take(count, of: octets, at: &offset)))
    }
    return strings
  }

  func write(to out: inout OutputSpan<UInt8>) {
    switch self {
    case .a(let address): out.append(bigEndian: address.bits)
    case .aaaa(let address): out.append(bigEndian: address.bits)
    case .name(let name): name.write(to: &out)
    case .mx(let preference, let exchange):
      out.append(bigEndian: preference)
      exchange.write(to: &out)
    case .txt(let strings):
      for string in strings {
        out.append(UInt8(truncatingIfNeeded: string.count))
        out.append(copying: string.span)
      }
    case .soa(let soa): soa.write(to: &out)
    case .opaque(let octets): out.append(copying: octets.span)
    }
  }
}

extension DNSRecordData.StartOfAuthority {
  fileprivate init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    primaryServer = try DNSName(in: octets, at: &offset)
    mailbox = try DNSName(in: octets, at: &offset)
    let numbers = try DNSMessage.take(20, of: octets, at: &offset)
    serial = numbers.u32(at: 0)
    refresh = numbers.u32(at: 4)
    retry = numbers.u32(at: 8)
    expire = numbers.u32(at: 12)
    minimum = numbers.u32(at: 16)
  }

  fileprivate func write(to out: inout OutputSpan<UInt8>) {
    primaryServer.write(to: &out)
    mailbox.write(to: &out)
    for number in [serial, refresh, retry, expire, minimum] { out.append(bigEndian: number) }
  }
}
