import CaptureFile
import CaptureTestSupport
import PacketTestSupport
import PacketWire
import Testing

@Suite(
  "headers of public captures",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct PublicCaptureTests {
  @Test("every header that is read is written back octet for octet")
  func identity() throws {
    var census = HeaderCensus()
    for capture in try SharedCaptures.list() {
      let file = try capture.octets()
      var reader = CaptureReader()
      reader.append(file.span)
      reader.finish()
      // A damaged file gives what stands before the damage.
      while case .packet(let packet)? = try? reader.next() {
        reader.withOctets { census.add($0, packet, of: capture) }
      }
    }
    // About three quarters of what is there: a decoder that finds fewer has become blind.
    let least: [HeaderCensus.Kind: Int] = [
      .frame: 30_000, .ethernet: 28_000, .vlan: 2_000, .linuxSLL: 350, .linuxSLL2: 12,
      .bsdLoopback: 750, .arp: 120, .ipv4: 28_000, .ipv6: 1_600, .ipv6Extension: 290,
      .icmpv4: 200, .icmpv6: 180, .udp: 4_000, .tcp: 22_000, .option: 22_000, .dns: 1_000,
      .quotedDatagram: 130, .dhcpv4: 80, .dhcpv6: 15, .ntp: 14, .quic: 50, .tlsRecord: 1_000,
      .clientHello: 100, .serverHello: 80, .certificates: 14,
    ]
    for kind in HeaderCensus.Kind.allCases {
      #expect(census.counts[kind, default: 0] >= least[kind, default: 1], "\(kind)")
    }
  }
}

/// Writes back what is read of each frame, and counts.
struct HeaderCensus {
  enum Kind: CaseIterable {
    case frame, ethernet, vlan, linuxSLL, linuxSLL2, bsdLoopback, arp, ipv4, ipv6, ipv6Extension
    case icmpv4, icmpv6, udp, tcp, option, dns, quotedDatagram, igmp, gre, esp, sctp, dccp
    case dhcpv4, dhcpv6, ntp, quic, tlsRecord, clientHello, serverHello, certificates
  }

  private(set) var counts: [Kind: Int] = [:]
  private var place = ""

  mutating func add(_ span: Span<UInt8>, _ packet: CapturedPacket, of capture: SharedCapture) {
    let octets = [UInt8](copying: span)
    place = "\(capture.file), packet \(packet.number)"
    let frame = Frame(
      decoding: span, linkType: packet.linkType, originalLength: packet.originalLength)
    counts[.frame, default: 0] += 1
    addLink(frame, octets)
    addNetwork(frame, octets)
    addTransport(frame, octets)
    _ = frame.transportChecksum(over: span)
  }

  mutating func check(_ kind: Kind, _ value: some WireValue, at offset: Int, _ all: [UInt8]) {
    counts[kind, default: 0] += 1
    var written = PacketTestSupport.octets(of: value)
    // Of a header that the capture cuts, what it has.
    if let header = value as? TCPHeader { written.removeLast(Int(header.missingOptions)) }
    #expect(written[...] == all.dropFirst(offset).prefix(written.count), "\(place): \(kind)")
  }

  private mutating func addLink(_ frame: Frame, _ all: [UInt8]) {
    var end = 0
    switch frame.link {
    case .none: break
    case .ethernet(let header):
      check(.ethernet, header, at: 0, all)
      end = 14
    case .linuxSLL(let header):
      check(.linuxSLL, header, at: 0, all)
      end = 16
    case .linuxSLL2(let header):
      check(.linuxSLL2, header, at: 0, all)
      end = 20
    case .bsdLoopback(let header):
      counts[.bsdLoopback, default: 0] += 1
      #expect([UInt8](capacity: 4) { header.write(to: &$0) }[...] == all.prefix(4), "\(place)")
    }
    if let tag = frame.vlan { check(.vlan, tag, at: end, all) }
    if let tag = frame.innerVLAN { check(.vlan, tag, at: end + 4, all) }
  }

  private mutating func addNetwork(_ frame: Frame, _ all: [UInt8]) {
    switch frame.network {
    case .none: break
    case .arp(let packet): check(.arp, packet, at: frame.networkOffset, all)
    case .ipv4(let header):
      check(.ipv4, header, at: frame.networkOffset, all)
      try? header.forEachOption { _ in counts[.option, default: 0] += 1 }
    case .ipv6(let header):
      check(.ipv6, header, at: frame.networkOffset, all)
      addExtensions(from: header.nextHeader, frame, all)
    }
  }

  /// Reads each extension header by itself; they must end where the frame's transport begins.
  private mutating func addExtensions(
    from first: IPProtocol, _ frame: Frame, _ all: [UInt8]
  ) {
    var reader = PacketReader(all.span)
    var next = first
    do {
      _ = try reader.take(frame.networkOffset + 40, for: .ipv6)
      while reader.offset < frame.transportOffset {
        let offset = reader.offset
        if next == .fragment {
          let header = try IPv6FragmentHeader(parsing: &reader)
          check(.ipv6Extension, header, at: offset, all)
          next = header.nextHeader
        } else {
          let header = try IPv6ExtensionHeader(parsing: &reader, kind: next)
          counts[.ipv6Extension, default: 0] += 1
          let written = [UInt8](capacity: header.length) { header.write(to: &$0) }
          #expect(written == Array(all[offset..<reader.offset]), "\(place)")
          next = header.nextHeader
        }
      }
      #expect(reader.offset == frame.transportOffset && next == frame.protocolNumber, "\(place)")
    } catch {
      Issue.record("\(place): \(error)")
    }
  }

  private mutating func addTransport(_ frame: Frame, _ all: [UInt8]) {
    addApplication(frame, all)
    switch frame.transport {
    case .none, .laterFragment, .other: break
    case .udpLite(let header): check(.udp, header, at: frame.transportOffset, all)
    case .sctp(let header): check(.sctp, header, at: frame.transportOffset, all)
    case .dccp(let header): check(.dccp, header, at: frame.transportOffset, all)
    case .igmp(let header): check(.igmp, header, at: frame.transportOffset, all)
    case .gre(let header): check(.gre, header, at: frame.transportOffset, all)
    case .esp(let header): check(.esp, header, at: frame.transportOffset, all)
    case .icmpv4(let header):
      check(.icmpv4, header, at: frame.transportOffset, all)
      if header.type.isError { addQuotation(frame, all) }
    case .icmpv6(let header):
      check(.icmpv6, header, at: frame.transportOffset, all)
      if header.type.isError { addQuotation(frame, all) }
    case .udp(let header):
      check(.udp, header, at: frame.transportOffset, all)
      let isDNS = [53, 5_353, 5_355].contains {
        header.sourcePort == $0 || header.destinationPort == $0
      }
      if isDNS { addMessage(Array(all[frame.payload])) }
    case .tcp(let header):
      check(.tcp, header, at: frame.transportOffset, all)
      try? header.forEachOption { _ in counts[.option, default: 0] += 1 }
    }
  }

  private mutating func addMessage(_ payload: [UInt8]) {
    guard let message = try? parse(payload, as: DNSMessage.self) else { return }
    check(.dns, message, at: 0, payload)
  }

  private mutating func addQuotation(_ frame: Frame, _ all: [UInt8]) {
    let payload = all[frame.payload]
    var reader = PacketReader(payload.span, offset: payload.startIndex)
    guard let quoted = try? QuotedDatagram(parsing: &reader) else { return }
    counts[.quotedDatagram, default: 0] += 1
    #expect(quoted.payload.upperBound == payload.endIndex, "\(place)")
    switch quoted.network {
    case .ipv4(let header): check(.ipv4, header, at: payload.startIndex, all)
    case .ipv6(let header): check(.ipv6, header, at: payload.startIndex, all)
    }
    switch quoted.transport {
    case .udp(let header): check(.udp, header, at: quoted.payload.lowerBound - 8, all)
    case .icmpv4(let header): check(.icmpv4, header, at: quoted.payload.lowerBound - 8, all)
    case .icmpv6(let header): check(.icmpv6, header, at: quoted.payload.lowerBound - 8, all)
    case .tcp(let header): check(.tcp, header, at: quoted.payload.lowerBound - header.length, all)
    case .tcpStart, .other: break
    }
  }
}
