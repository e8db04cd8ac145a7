import Glibc
import PacketTestSupport
import PacketWire
import Testing

@testable import LinuxNet

@Suite("Endpoints")
struct EndpointTests {
  static let endpoints: [(Endpoint, String)] = [
    (endpoint("192.0.2.1", 80), "192.0.2.1:80"), (endpoint("0.0.0.0", 0), "0.0.0.0:0"),
    (endpoint("2001:db8::1", 443), "[2001:db8::1]:443"),
    (endpoint("fe80::1", 0x0102, scope: 2), "[fe80::1%2]:258"),
    (endpoint("fe80::1", 1, scope: 0xfffe_0102), "[fe80::1%4294836482]:1"),
  ]

  @Test(arguments: endpoints)
  func textAndKernelForm(endpoint: Endpoint, text: String) {
    #expect(endpoint.description == text)
    let address = SocketAddress(endpoint)
    #expect(address.endpoint == endpoint)
  }

  @Test func kernelFormIsTheKernels() {
    let v4 = SocketAddress(endpoint("192.0.2.1", 0x1234))
    #expect(v4.length == 16)
    #expect(
      octets(of: v4)[..<16]
        == hex(AF_INET.octets + "1234 c0000201 0000000000000000")[...])
    let v6 = SocketAddress(endpoint("2001:db8::5", 0x1234, scope: 7))
    #expect(v6.length == 28)
    #expect(
      octets(of: v6)
        == hex(AF_INET6.octets + "1234 00000000 20010db8 00000000 00000000 00000005")
        + UInt32(7).nativeOctets)
  }

  @Test(arguments: [0, 1, 2, 7])
  func cutShortIPv4IsRefused(count: Int) {
    let octets = octets(of: SocketAddress(endpoint("192.0.2.1", 1)))
    #expect(read(octets[..<count]) == nil)
    #expect(read(octets[..<8]) != nil)
  }

  @Test(arguments: [0, 1, 2, 8, 24, 27])
  func cutShortIPv6IsRefused(count: Int) {
    let octets = octets(of: SocketAddress(endpoint("::1", 1)))
    #expect(read(octets[..<count]) == nil)
  }

  private func read(_ octets: ArraySlice<UInt8>) -> Endpoint? {
    Endpoint(socketAddress: octets.span)
  }

  @Test func otherFamiliesAreRefused() {
    #expect(read(hex("0000 0000 00000000 00000000")[...]) == nil)
    #expect(read((UInt16(AF_UNIX).nativeOctets + hex("2f746d70"))[...]) == nil)
  }
}

/// An endpoint from text that the test itself wrote.
func endpoint(_ text: String, _ port: UInt16 = 0, scope: UInt32 = 0) -> Endpoint {
  guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
  return Endpoint(address, port: port, scope: scope)
}

/// All octets of the kernel's form, the unused ones too.
func octets(of address: SocketAddress) -> [UInt8] { [UInt8](copying: address.octets.span) }

extension FixedWidthInteger {
  /// In the processor's order, as C structures hold it.
  var nativeOctets: [UInt8] {
    (0..<(Self.bitWidth / 8)).map { UInt8(truncatingIfNeeded: littleEndian >> Self($0 * 8)) }
  }
}

extension CInt {
  /// A family as the hex digits of a `sa_family_t`.
  fileprivate var octets: String {
    UInt16(self).nativeOctets.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }
      .joined() + " "
  }
}
