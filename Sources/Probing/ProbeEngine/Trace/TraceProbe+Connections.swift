import PacketWire

// Probes of protocols whose headers have room for a number, and need no payload.
extension TraceProbe {
  /// 16 bits of the cookie, then the number on the wire: quoted by every router, since the sequence
  /// number is within the first eight octets, and told back in the target's acknowledgment.
  func sequenceNumber(of number: Int) -> UInt32 {
    shortCookie(of: number) << 16 | UInt32(TraceLedger.wireNumber(number))
  }

  func segment(
    _ form: TraceMethod.SegmentForm, _ ports: (source: UInt16, destination: UInt16),
    _ request: TraceRequest
  ) -> [UInt8] {
    var header = TCPHeader(from: ports.source, to: ports.destination, flags: form.flags)
    header.sequenceNumber = sequenceNumber(of: request.number)
    // What an acknowledgment is answered with comes out of this field (RFC 9293 §3.10.7.1).
    header.acknowledgmentNumber =
      form.flags.contains(.ack)
      ? sequenceNumber(of: request.number) &+ form.acknowledgmentNumber : 0
    (header.window, header.options) = (form.window, form.options)
    let nothing: [UInt8] = []
    header.fill(payload: nothing.span, from: source, to: target)
    return [UInt8](capacity: header.length) { header.write(to: &$0) }
  }

  func lightDatagram(
    _ coverage: UInt16, _ ports: (source: UInt16, destination: UInt16), _ payload: [UInt8]
  ) -> [UInt8] {
    var header = UDPHeader(from: ports.source, to: ports.destination)
    let length = UDPHeader.length + payload.count
    header.datagramLength = coverage >= length ? 0 : max(coverage, coverage == 0 ? 0 : 8)
    let covered = (header.liteCoverage(packetLength: length) ?? length) - UDPHeader.length
    header.checksum = header.liteChecksum(
      covered: payload.span.extracting(first: covered), packetLength: length, from: source,
      to: target)
    return [UInt8](capacity: length) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  /// DCCP's request: 48 bits of sequence number, then the service (RFC 4340 §5.1, §5.2).
  func connectionRequest(
    _ service: UInt32, _ ports: (source: UInt16, destination: UInt16), _ request: TraceRequest
  ) -> [UInt8] {
    func octets(_ checksum: UInt16) -> [UInt8] {
      [UInt8](capacity: 20) { out in
        out.append(bigEndian: ports.source)
        out.append(bigEndian: ports.destination)
        out.append(5)  // four-octet words of header
        out.append(0)
        out.append(bigEndian: checksum)
        out.append(0 << 1 | 1)  // a request, with 48 bits
        out.append(0)
        out.append(bigEndian: UInt16(truncatingIfNeeded: shortCookie(of: request.number) >> 16))
        out.append(bigEndian: sequenceNumber(of: request.number))
        out.append(bigEndian: service)
      }
    }
    var sum = InternetChecksum()
    sum.addPseudoHeader(from: source, to: target, protocolNumber: .dccp, length: 20)
    sum.add(octets(0).span)
    return octets(sum.value)
  }

  /// SCTP's INIT: the tag that answers will carry is the cookie's (RFC 9260 §3.3.2).
  func association(
    _ ports: (source: UInt16, destination: UInt16), _ request: TraceRequest
  ) -> [UInt8] {
    var header = SCTPHeader(from: ports.source, to: ports.destination, verificationTag: 0)
    func octets() -> [UInt8] {
      [UInt8](capacity: 32) { out in
        header.write(to: &out)
        out.append(1)  // INIT
        out.append(0)
        out.append(bigEndian: UInt16(20))
        out.append(bigEndian: initiateTag(of: request.number))
        out.append(bigEndian: UInt32(65_535))  // octets that the sender would take
        out.append(bigEndian: UInt16(1))  // streams out
        out.append(bigEndian: UInt16(1))  // and in
        out.append(bigEndian: sequenceNumber(of: request.number))
      }
    }
    header.checksum = SCTPHeader.checksum(over: octets().span)
    return octets()
  }

  /// Not zero, which an INIT must not have (RFC 9260 §3.3.2).
  func initiateTag(of number: Int) -> UInt32 { max(shortCookie(of: number), 1) }
}
