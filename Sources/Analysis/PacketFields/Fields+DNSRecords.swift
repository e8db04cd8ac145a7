import PacketText
import PacketWire

extension PacketField {
  /// The records of a DNS message, of all sections in message order.
  static let dnsRecords: [PacketField] = [
    .init(
      "dns.resp.name", .string, "name of a record, but not of an SRV record", in: .dnsRecord,
      .function { layer, _, octets, cell, out in
        // tshark has other fields for the parts of a service's name.
        guard octets.u16(at: layer.dataStart &- 10) != DNSType.srv.rawValue else { return }
        cell.append(name: layer.start, layer, octets, &out)
      }),
    .init(
      "dns.resp.type", .unsigned(16), "type of a record, and the types that it says exist",
      in: .dnsRecord,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: octets.u16(at: layer.dataStart &- 10), &out)
        appendTypes(layer, octets, &cell, &out)
      }),
    .init(
      "dns.resp.ttl", .unsigned(32), "time to live of a record, in seconds", in: .dnsRecord,
      .function { layer, _, octets, cell, out in
        // tshark has another field for the flags of OPT (RFC 6891 §6.1.3).
        guard octets.u16(at: layer.dataStart &- 10) != DNSType.opt.rawValue else { return }
        cell.append(decimal: octets.u32(at: layer.dataStart &- 6), &out)
      }),
    data("dns.a", .ipv4, "IPv4 address of an A record", of: .a) { layer, octets, cell, out in
      guard layer.end &- layer.dataStart >= 4 else { return }
      cell.append(IPv4Address(bits: octets.u32(at: layer.dataStart)), &out)
    },
    data("dns.aaaa", .ipv6, "IPv6 address of an AAAA record", of: .aaaa) {
      layer, octets, cell, out in
      guard layer.end &- layer.dataStart >= 16 else { return }
      cell.append(IPv6Address(bits: octets.u128(at: layer.dataStart)), &out)
    },
    name("dns.cname", "canonical name of a CNAME record", of: .cname),
    name("dns.ns", "name server of an NS record", of: .ns),
    name("dns.ptr.domain_name", "name of a PTR record", of: .ptr),
    name("dns.mx.mail_exchange", "mail host of an MX record", of: .mx, at: 2),
    name("dns.srv.target", "host of an SRV record (RFC 2782)", of: .srv, at: 6),
    name("dns.soa.mname", "primary server of an SOA record", of: .soa),
    data("dns.txt", .string, "strings of a TXT record", of: .txt) { layer, octets, cell, out in
      var offset = layer.dataStart
      while offset < layer.end {
        let end = offset &+ 1 &+ Int(octets[offset])
        guard end <= layer.end else { return }
        cell.append(text: octets.extracting(offset &+ 1..<end), &out)
        offset = end
      }
    },
  ]

  /// A field of the data of records of one type.
  private static func data(
    _ name: String, _ valueType: FieldType, _ meaning: String, of type: DNSType,
    append: @escaping @Sendable (FieldLayer, Span<UInt8>, inout FieldCell, inout TextBuffer) -> Void
  ) -> PacketField {
    .init(
      name, valueType, meaning, in: .dnsRecord,
      .function { layer, _, octets, cell, out in
        guard octets.u16(at: layer.dataStart &- 10) == type.rawValue else { return }
        append(layer, octets, &cell, &out)
      })
  }

  /// A field that is the name at `offset` of the data of records of one type.
  private static func name(
    _ name: String, _ meaning: String, of type: DNSType, at offset: Int = 0
  ) -> PacketField {
    data(name, .string, meaning, of: type) { layer, octets, cell, out in
      guard layer.dataStart &+ offset < layer.end else { return }
      cell.append(name: layer.dataStart &+ offset, layer, octets, &out)
    }
  }
}
