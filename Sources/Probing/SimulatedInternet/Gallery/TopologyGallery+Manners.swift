// What routers do.
extension TopologyGallery {
  static let manners = [
    lab(
      "silent-middle", "routers that forward and say nothing", try: "traceroute www.discord.test",
      "Three routers in the middle forward packets but say nothing: * * * in a traceroute, and no fault.",
      """
      path      2                     delay 1ms
      path      3                     delay 1ms silent
      path      2                     delay 1ms

      """),
    lab(
      "rude", "routers with bad manners", try: "traceroute -q 3 www.discord.test",
      """
      One router limits its errors to two a second, one forwards packets whose hops are used up, so that the
      next one is seen twice, one answers from its other side, and one quotes as little as RFC 792 allows.
      """,
      """
      router    limited.isp.test      198.18.1.1    2001:db8:1::1   delay 1ms limit 2/s:2
      router    zero.isp.test         198.18.2.1    2001:db8:2::1   delay 1ms zerottl
      router    other.isp.test        198.18.3.1    2001:db8:3::1   far 198.18.3.129 2001:db8:3::81 delay 1ms source far
      router    short.isp.test        198.18.4.1    2001:db8:4::1   delay 1ms quote 28

      """),
    lab(
      "mpls", "labels and interfaces told in errors", try: "traceroute -e www.discord.test",
      """
      A provider's core switches by MPLS labels and tells them (RFC 4950), one router in the form that is older
      than RFC 4884; the last router tells its interfaces (RFC 5837) and answers who asks (RFC 8335).
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      router    p1.core.test          198.18.2.1    2001:db8:2::1   delay 1ms mpls 24001,16
      router    p2.core.test          198.18.3.1    2001:db8:3::1   delay 1ms mpls 24017,16 oldext
      router    pe.core.test          198.18.4.1    2001:db8:4::1   delay 1ms interface xe-0/0/1 probe

      """),
    lab(
      "bleach", "a network that rewrites DSCP and ECN and clamps the MSS",
      try: "curl -so /dev/null www.discord.test",
      """
      One router clears the ECN bits of all packets, one gives them a DSCP of its own, and one clamps the MSS
      of connections to 1360.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms bleach
      router    r2.isp.test           198.18.2.1    2001:db8:2::1   delay 1ms dscp 8
      router    r3.isp.test           198.18.3.1    2001:db8:3::1   delay 1ms mss 1360

      """),
    lab(
      "home", "a home behind address translation", try: "traceroute www.discord.test",
      client: "192.0.2.10",
      """
      A home behind a router that translates addresses: the site sees 198.18.1.1, whoever asks. IPv6 passes
      as it is.
      """,
      """
      router    gateway.home.test     192.0.2.1     2001:db8:1::1   far 198.18.1.1 nat delay 0.5ms
      path      3                     delay 3ms

      """),
    lab(
      "carrier", "two translations, one behind the other", try: "traceroute www.discord.test",
      client: "192.0.2.10",
      """
      Behind the home's own translation the provider translates once more, as where IPv4 addresses are scarce.
      """,
      """
      router    gateway.home.test     192.0.2.1     2001:db8:1::1   far 198.51.100.7 nat delay 0.5ms
      router    shared.isp.test       198.51.100.1  2001:db8:2::1   far 198.18.2.1 nat delay 4ms
      path      2                     delay 2ms

      """),
    lab(
      "firewall", "three firewalls, each with its own way to refuse",
      try: "traceroute -I www.discord.test",
      """
      The first firewall drops the ports that UDP traceroutes use, the second resets connections to port 25,
      and the third says that pings are prohibited. The web passes.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      router    fw1.isp.test          198.18.2.1    2001:db8:2::1   delay 1ms drop udp:33434-33534/none
      router    fw2.isp.test          198.18.3.1    2001:db8:3::1   delay 1ms reject tcp:25/none
      router    fw3.isp.test          198.18.4.1    2001:db8:4::1   delay 1ms prohibit icmp:8,icmp6:128/none

      """),
  ]
}
