import CaptureTestSupport
import Glibc
import Testing

extension Live {
  fileprivate static let hasTshark = ["tshark", "python3"].allSatisfy { name in
    unsafe access("/usr/bin/\(name)", X_OK) == 0
  }

  @Suite(
    "Display filters beside tshark",
    .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)),
    .enabled(if: hasTshark, "tshark and python3 are not both here"))
  struct DisplayFilters {
    /// Captures of many kinds, in which no field that the filters name differs (docs/CONFORMANCE.md).
    static let captures = [
      "walkthrough/zeek__wikipedia.pcap", "walkthrough/fq__tls__testtls.com.http1.1-tls1.2.pcap",
      "dns/zeek__wikipedia-filtered-plus-udp.pcap", "dns/ndpi__bad-dns-traffic.pcap",
      "http/arkime__ntlm_synthetic.pcap", "http/pcap2har__missing_response.pcap",
      "ip/libpcap__filter__ah-ipip-ping.pcap", "icmp/libtrace__10_mpls_ip.pcap",
      "malformed/tcpdump__isis-seg-fault-1.pcapng", "http2/hotplace__tls__http__http2.pcapng",
      "tls/ndpi__dtls_mid_sessions.pcapng", "websocket/zeek__websocket__wstunnel-ssh.pcap",
    ]

    @Test(
      "every filter passes the same packets, and what is none is refused by both",
      arguments: captures)
    func agreement(_ name: String) throws {
      let folder = try #require(SharedCaptures.path)
      let repository = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let path = "\(folder)/pcap/\(name)"
      try #require(unsafe access(path, R_OK) == 0, "\(path)")
      let result = try LiveLab.run([
        "/\(repository)/scripts/conformance-filters", "-v", "-b", LiveLab.toolFolder, path,
      ])
      #expect(result.code == 0, "\(result.output)\(result.errors)")
      #expect(result.output.hasSuffix("verdicts agree\n"))
    }
  }
}
