import LineFormat

extension Topology {
  /// The lab that is used when no file is given: twelve hops, 24 ms there and back.
  public static let `default`: Topology = {
    do throws(LineError) {
      return try Topology(parsing: defaultText, named: "default.lab")
    } catch {
      preconditionFailure("\(error)")
    }
  }()

  /// The lab file of `default`.
  public static let defaultText = """
    # A home network, its provider, an exchange, a transit network and a site: twelve hops.
    # All names are under .test (RFC 6761), all addresses from the ranges for tests and documents
    # (RFC 2544, RFC 5737, RFC 3849). docs/lab-topology.md explains the words.

    seed 1

    # The host that the command runs on.
    client   laptop.home.test           198.18.0.2   2001:db8:0::2

    # Routers in order, each with the link that leads to it; the delay is that of one direction.
    router   r1.home.test               198.18.1.1   2001:db8:1::1    delay 0.3ms
    router   r2.access.isp.test         198.18.2.1   2001:db8:2::1    delay 2.2ms
    router   agg1.metro.isp.test        198.18.3.1   2001:db8:3::1    delay 0.5ms
    router   core1.isp.test             198.18.4.1   2001:db8:4::1    delay 0.5ms
    router   edge1.isp.test             198.18.5.1   2001:db8:5::1    delay 0.5ms
    router   port7.exchange.test        198.18.6.1   2001:db8:6::1    delay 0.3ms
    router   core1.transit.test         198.18.7.1   2001:db8:7::1    delay 1.5ms
    router   core2.transit.test         198.18.8.1   2001:db8:8::1    delay 3ms
    router   core3.transit.test         198.18.9.1   2001:db8:9::1    delay 1.5ms
    router   edge1.transit.test         198.18.10.1  2001:db8:10::1   delay 0.5ms
    router   border1.hosting.test       198.18.11.1  2001:db8:11::1   delay 0.7ms

    # The web site, and the DNS server of everything here.
    site     www.discord.test           203.0.113.80 2001:db8:cb::80  delay 0.5ms
    resolver dns.discord.test           203.0.113.53 2001:db8:cb::53

    # What the DNS knows beside the names above.
    record   discord.test        SOA    dns.discord.test hostmaster.discord.test
    record   discord.test        NS     dns.discord.test
    record   discord.test        A      203.0.113.80
    record   discord.test        AAAA   2001:db8:cb::80
    record   discord.test        MX     10 mail.discord.test
    record   discord.test        TXT    "a site that is only here"
    record   mail.discord.test   A      203.0.113.80
    record   chat.discord.test   CNAME  www.discord.test

    # Who runs which networks; the numbers are from the range for documents (RFC 5398). The exchange's
    # own network is announced by nobody, as is usual.
    system   64496 ISP-TEST      198.18.0.0/22 198.18.4.0/23 2001:db8::/46 2001:db8:4::/47
    system   64499 TRANSIT-TEST  198.18.7.0/24 198.18.8.0/23 198.18.10.0/24
    system   64500 TRANSIT6-TEST 2001:db8:7::/48 2001:db8:8::/47 2001:db8:10::/48
    system   64503 HOSTING-TEST  198.18.11.0/24 203.0.113.0/24 2001:db8:11::/48 2001:db8:cb::/48

    """
}
