// What records hold that tell where and how a service is reached.

/// The content of an SRV record (RFC 2782).
public struct DNSService: Hashable, Sendable {
  /// The lowest is tried first.
  public var priority: UInt16
  /// How much of the load goes here among those of one priority.
  public var weight: UInt16
  /// Where the service listens.
  public var port: UInt16
  /// The host; the root says that there is no such service.
  public var target: DNSName

  /// Content from its fields.
  public init(priority: UInt16, weight: UInt16, port: UInt16, target: DNSName) {
    (self.priority, self.weight, self.port, self.target) = (priority, weight, port, target)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { 6 + target.length }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(6, of: octets, at: &offset)
    (priority, weight, port) = (fixed.u16(at: 0), fixed.u16(at: 2), fixed.u16(at: 4))
    target = try DNSName(in: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    for number in [priority, weight, port] { out.append(bigEndian: number) }
    target.write(to: &out)
  }
}

/// The content of a NAPTR record (RFC 3403 §4.1): strings are octets of the network.
public struct DNSRewriteRule: Hashable, Sendable {
  /// Rules of the lowest order come first.
  public var order: UInt16
  /// The lowest is wanted most among those of one order.
  public var preference: UInt16
  /// Letters that say how to go on: `u`, `s`, `a`, `p`.
  public var flags: [UInt8]
  /// The service and its protocol, such as `SIP+D2U`.
  public var services: [UInt8]
  /// A substitution, as `sed` has it.
  public var expression: [UInt8]
  /// The next name, unless there is an expression.
  public var replacement: DNSName

  /// Content from its fields; each string has at most 255 octets.
  public init(
    order: UInt16, preference: UInt16, flags: [UInt8], services: [UInt8], expression: [UInt8],
    replacement: DNSName
  ) {
    (self.order, self.preference, self.flags) = (order, preference, flags)
    (self.services, self.expression, self.replacement) = (services, expression, replacement)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    7 + flags.count + services.count + expression.count + replacement.length
  }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(4, of: octets, at: &offset)
    (order, preference) = (fixed.u16(at: 0), fixed.u16(at: 2))
    flags = try DNSMessage.takeString(of: octets, at: &offset)
    services = try DNSMessage.takeString(of: octets, at: &offset)
    expression = try DNSMessage.takeString(of: octets, at: &offset)
    replacement = try DNSName(in: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: order)
    out.append(bigEndian: preference)
    for string in [flags, services, expression] { out.append(string: string) }
    replacement.write(to: &out)
  }
}

/// The content of a CAA record (RFC 8659 §4.1).
public struct DNSCertificateIssuer: Hashable, Sendable {
  /// The first bit says that who does not know the tag must not issue.
  public var flags: UInt8
  /// What the value is about: `issue`, `issuewild`, `iodef`.
  public var tag: [UInt8]
  /// By the tag; an authority's name, often.
  public var value: [UInt8]

  /// Content from its fields; the tag has at most 255 octets.
  public init(flags: UInt8, tag: [UInt8], value: [UInt8]) {
    (self.flags, self.tag, self.value) = (flags, tag, value)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { 2 + tag.count + value.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    flags = try DNSMessage.take(1, of: octets, at: &offset)[0]
    tag = try DNSMessage.takeString(of: octets, at: &offset)
    value = try DNSMessage.takeRest(of: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(flags)
    out.append(string: tag)
    out.append(copying: value.span)
  }
}

/// The content of an SVCB or HTTPS record (RFC 9460 §2.2).
public struct DNSServiceBinding: Hashable, Sendable {
  /// One parameter (RFC 9460 §14.3.2).
  public struct Parameter: Hashable, Sendable {
    /// What it is: 0 mandatory, 1 alpn, 3 port, 4 ipv4hint, 5 ech, 6 ipv6hint.
    public var key: UInt16
    /// As it was on the wire, at most 65535 octets.
    public var value: [UInt8]

    /// A parameter from its fields.
    public init(key: UInt16, value: [UInt8]) { (self.key, self.value) = (key, value) }
  }

  /// 0 makes it an alias; else the lowest is tried first.
  public var priority: UInt16
  /// The host; the root stands for the record's own name.
  public var target: DNSName
  /// In wire order.
  public var parameters: [Parameter]

  /// Content from its fields.
  public init(priority: UInt16, target: DNSName, parameters: [Parameter] = []) {
    (self.priority, self.target, self.parameters) = (priority, target, parameters)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    2 + target.length + parameters.reduce(0) { $0 + 4 + $1.value.count }
  }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    priority = try DNSMessage.take(2, of: octets, at: &offset).u16(at: 0)
    target = try DNSName(in: octets, at: &offset)
    parameters = []
    while offset < octets.count {
      let fixed = try DNSMessage.take(4, of: octets, at: &offset)
      let value = try DNSMessage.take(Int(fixed.u16(at: 2)), of: octets, at: &offset)
      parameters.append(Parameter(key: fixed.u16(at: 0), value: Array(copying: value)))
    }
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: priority)
    target.write(to: &out)
    for parameter in parameters {
      out.append(bigEndian: parameter.key)
      out.append(bigEndian: UInt16(truncatingIfNeeded: parameter.value.count))
      out.append(copying: parameter.value.span)
    }
  }
}
