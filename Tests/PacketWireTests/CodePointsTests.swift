import PacketWire
import Testing

/// The numbers are copied from the registries, not from the code.
@Suite("Numbers of the registries")
struct CodePointsTests {
  @Test func etherTypes() {
    let types: [EtherType] = [.ipv4, .arp, .ipv6, .vlan, .serviceVLAN, .oldServiceVLAN]
    #expect(types.map(\.rawValue) == [0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x9100])
    #expect(types.map(\.isVLANTag) == [false, false, false, true, true, true])
    let others: [EtherType] = [
      .reverseARP, .transparentBridging, .ppp, .mpls, .upstreamMPLS, .pppoeDiscovery,
      .pppoeSession,
    ]
    #expect(
      others.map(\.rawValue) == [0x8035, 0x6558, 0x880b, 0x8847, 0x8848, 0x8863, 0x8864])
  }

  @Test func ipProtocols() {
    let numbers: [IPProtocol] = [
      .hopByHop, .icmp, .igmp, .tcp, .udp, .routing, .fragment, .esp, .authentication, .icmpv6,
      .noNextHeader, .destinationOptions, .mobility, .hostIdentity, .shim6,
    ]
    let registered: [UInt8] = [0, 1, 2, 6, 17, 43, 44, 50, 51, 58, 59, 60, 135, 139, 140]
    #expect(numbers.map(\.rawValue) == registered)
    let others: [IPProtocol] = [
      .ipv4, .dccp, .ipv6, .gre, .pim, .sctp, .udpLite, .ethernet,
    ]
    #expect(others.map(\.rawValue) == [4, 33, 41, 47, 103, 132, 136, 143])
  }

  @Test func linkTypes() {
    let types: [LinkType] = [
      .null, .ethernet, .raw, .loop, .linuxSLL, .ipv4, .ipv6, .linuxSLL2,
    ]
    #expect(types.map(\.rawValue) == [0, 1, 101, 108, 113, 228, 229, 276])
    let others: [LinkType] = [
      .ppp, .pppHDLC, .pppoe, .ciscoHDLC, .ieee80211, .frameRelay, .radiotap,
    ]
    #expect(others.map(\.rawValue) == [9, 50, 51, 104, 105, 107, 127])
    let wrapped: [LinkType] = [.oldPKTAP, .ppi, .ipnet, .nflog, .pktap]
    #expect(wrapped.map(\.rawValue) == [149, 192, 226, 239, 258])
  }

  @Test func messageTypes() {
    let four: [ICMPv4Header.MessageType] = [
      .echoReply, .destinationUnreachable, .sourceQuench, .redirect, .echoRequest, .timeExceeded,
      .parameterProblem, .routerAdvertisement, .extendedEchoRequest, .extendedEchoReply,
    ]
    #expect(four.map(\.rawValue) == [0, 3, 4, 5, 8, 11, 12, 9, 42, 43])
    let others: [ICMPv4Header.MessageType] = [
      .timestampRequest, .timestampReply, .informationRequest, .informationReply,
      .addressMaskRequest, .addressMaskReply,
    ]
    #expect(others.map(\.rawValue) == [13, 14, 15, 16, 17, 18])
    let six: [ICMPv6Header.MessageType] = [
      .destinationUnreachable, .packetTooBig, .timeExceeded, .parameterProblem, .echoRequest,
      .echoReply, .routerSolicitation, .routerAdvertisement, .neighborSolicitation,
      .neighborAdvertisement, .nodeInformationQuery, .nodeInformationReply, .extendedEchoRequest,
      .extendedEchoReply,
    ]
    #expect(
      six.map(\.rawValue) == [1, 2, 3, 4, 128, 129, 133, 134, 135, 136, 139, 140, 160, 161])
    #expect([DHCPv6Type.relayForward, .relayReply].map(\.rawValue) == [12, 13])
    let objects = [
      ICMPExtensionObject.labelStack, ICMPExtensionObject.interfaceInformation,
      ICMPExtensionObject.interfaceIdentification,
    ]
    #expect(objects == [1, 2, 3])
  }

  @Test("what is asked of a node, and which of its addresses (RFC 4620 §5, §6.3, §6.4)")
  func nodeInformation() {
    let types: [NodeInformation.QueryType] = [
      .noOperation, .nodeName, .nodeAddresses, .ipv4Addresses,
    ]
    #expect(types.map(\.rawValue) == [0, 2, 3, 4])
    let flags: [NodeInformation.Flags] = [
      .truncated, .all, .compatible, .linkLocal, .siteLocal, .global,
    ]
    #expect(flags.map(\.rawValue) == [1, 2, 4, 8, 16, 32])
  }

  @Test("why a WebSocket ends (RFC 6455 §7.4.1, and its registry)")
  func closeCodes() {
    let codes: [WebSocketCloseCode] = [
      .normal, .goingAway, .protocolError, .unsupportedData, .noStatusReceived, .abnormalClosure,
      .invalidPayload, .policyViolation, .messageTooBig, .tryAgainLater,
    ]
    #expect(
      codes.map(\.rawValue) == [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1013])
    #expect(codes.allSatisfy { $0.name != nil })
  }

  @Test func dnsNumbers() {
    let types: [DNSType] = [
      .a, .ns, .cname, .soa, .ptr, .mx, .txt, .aaaa, .opt, .https, .any,
    ]
    #expect(types.map(\.rawValue) == [1, 2, 5, 6, 12, 15, 16, 28, 41, 65, 255])
    let others: [DNSType] = [
      .srv, .naptr, .a6, .dname, .ds, .rrsig, .nsec, .dnskey, .nsec3, .nsec3param, .cds, .cdnskey,
      .svcb, .tsig, .uri, .caa, .unspecifiedText,
    ]
    #expect(
      others.map(\.rawValue) == [
        33, 35, 38, 39, 43, 46, 47, 48, 50, 51, 59, 60, 64, 250, 256, 257, 104,
      ])
    let options: [EDNSOptionCode] = [
      .nameServerIdentifier, .algorithms, .digests, .hashes, .clientSubnet, .expire, .cookie,
      .keepAlive, .padding, .chain, .keyTag, .extendedError,
    ]
    #expect(options.map(\.rawValue) == [3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    #expect([DNSClass.internet, .chaos].map(\.rawValue) == [1, 3])
  }

  @Test func others() {
    let packetTypes: [LinuxPacketType] = [.host, .broadcast, .multicast, .otherHost, .outgoing]
    #expect(packetTypes.map(\.rawValue) == [0, 1, 2, 3, 4])
    #expect([ARPPacket.Operation.request, .reply].map(\.rawValue) == [1, 2])
    let options = [
      IPv4Option.endOfList, IPv4Option.noOperation, IPv4Option.recordRoute, IPv4Option.timestamp,
      IPv4Option.looseSourceRoute, IPv4Option.strictSourceRoute, IPv4Option.routerAlert,
    ]
    #expect(options == [0, 1, 7, 68, 131, 137, 148])
    #expect(IPFamily.allCases.map(\.rawValue) == [4, 6])
    let carried: [PPPProtocol] = [.ipv4, .ipv6, .mpls, .ipcp, .ipv6cp, .lcp, .pap, .chap]
    #expect(
      carried.map(\.rawValue) == [
        0x0021, 0x0057, 0x0281, 0x8021, 0x8057, 0xc021, 0xc023, 0xc223,
      ])
  }

  @Test("handshakes and their extensions (RFC 8446 §4, §4.2)")
  func handshakes() {
    let types = [
      ClientHello.handshakeType, ServerHello.handshakeType, TLSCertificates.handshakeType,
    ]
    #expect(types == [1, 2, 11])
    let extensions: [TLSExtensionType] = [.signatureAlgorithms, .keyShare]
    #expect(extensions.map(\.rawValue) == [13, 51])
  }

  @Test("stages of PPPoE (RFC 2516 §5)")
  func discovery() {
    let codes: [PPPoEHeader.Code] = [
      .session, .offer, .initiation, .request, .confirmation, .termination,
    ]
    #expect(codes.map(\.rawValue) == [0, 7, 9, 0x19, 0x65, 0xa7])
  }

  @Test("a length of at most 1500 is none of the types (IEEE 802.3 §3.2.6)")
  func lengthOrType() {
    #expect(EtherType(rawValue: 1500).isLength && !EtherType(rawValue: 1501).isLength)
  }

  @Test("who is all of a link, and how deep and short headers may be")
  func bounds() {
    #expect(MACAddress.broadcast.description == "ff:ff:ff:ff:ff:ff")
    #expect(Frame.maximumDepth == 8)
    #expect(PPPHeader.maximumLength == 4 && IEEE80211Header.minimumLength == 2)
  }

  @Test("a header length of fifteen words (RFC 791 §3.1, RFC 9293 §3.1)")
  func longestHeaders() {
    #expect(IPv4Header.maximumLength == 60 && TCPHeader.maximumLength == 60)
  }
}
