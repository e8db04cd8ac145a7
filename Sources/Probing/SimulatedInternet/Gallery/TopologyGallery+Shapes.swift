// Where ways go.
extension TopologyGallery {
  static let shapes = [
    lab(
      "straight", "five routers in a line", try: "traceroute www.discord.test",
      "A straight path: five routers, 2 ms apart.",
      """
      path      5                     delay 2ms

      """),
    lab(
      "diamond", "three ways between two routers, one for each flow",
      try: "traceroute www.discord.test",
      """
      A diamond: a load balancer sends each flow one of three ways. A traceroute whose probes keep to one
      flow sees one of them; one that changes ports from probe to probe sees a mixture.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      row       3                     delay 2ms
      router    r3.isp.test           198.18.3.1    2001:db8:3::1   delay 1ms

      """),
    lab(
      "nested", "a diamond within a diamond, with ways of different lengths",
      try: "traceroute www.discord.test",
      """
      Two ways part at r1. One is a single router, the other holds a diamond of its own and is two hops
      longer: what a traceroute sees at one hop can be on different ways.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      path      1   as short          behind r1.isp.test            delay 5ms
      router    r2.isp.test           198.18.2.9    2001:db8:2::9   behind r1.isp.test   delay 1ms
      row       2                     delay 1ms
      router    r4.isp.test           198.18.4.1    2001:db8:4::1   delay 1ms
      router    r5.isp.test           198.18.5.1    2001:db8:5::1   behind short r4.isp.test   delay 1ms

      """),
    lab(
      "mesh", "two rows of balancers, each joined to all of the next",
      try: "traceroute www.discord.test",
      """
      Balancers behind balancers, each joined to all of the next row: four ways to two, six in all. The
      balancers choose apart from one another.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      row       2                     delay 1ms
      row       3                     delay 1ms
      router    r4.isp.test           198.18.4.1    2001:db8:4::1   delay 1ms

      """),
    lab(
      "wide", "sixteen ways side by side", try: "traceroute www.discord.test",
      "Sixteen ways side by side: as wide as balancers of one router mostly get.",
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      row       16                    delay 2ms
      router    r3.isp.test           198.18.3.1    2001:db8:3::1   delay 1ms

      """),
    lab(
      "per-packet", "a balancer that sends each packet any way",
      try: "ping -c 20 -i 0.01 www.discord.test",
      """
      A balancer that sends each packet any way, and ways that differ by 8 ms: packets overtake one another,
      and a ping jumps between three delays: fast both ways, slow both ways, or one of each.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   balance packet   delay 1ms
      path      2   as fast           behind r1.isp.test            delay 1ms
      path      2   as slow           behind r1.isp.test            delay 5ms
      router    r4.isp.test           198.18.4.1    2001:db8:4::1   behind fast slow   balance packet

      """),
    lab(
      "asymmetric", "there by one way, back by a longer one", try: "traceroute www.discord.test",
      """
      Packets to the site go by two routers, answers come back by three others. A traceroute shows the way
      there only; the delays are those of both.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      path      2   as there          behind r1.isp.test            only outward    delay 1ms
      path      3   as back           behind r1.isp.test            only homeward   delay 10ms
      router    r5.isp.test           198.18.5.1    2001:db8:5::1   behind there back   delay 1ms

      """),
    lab(
      "flap", "a route that changes every ten seconds", try: "ping -c 25 www.discord.test",
      """
      A route that flaps: for ten seconds packets go the short way, then for ten the long one. Delay and hop
      count of a ping change with it.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   balance flap:10s   delay 1ms
      path      1   as short          behind r1.isp.test            delay 1ms
      path      4   as long           behind r1.isp.test            delay 5ms
      router    r6.isp.test           198.18.6.1    2001:db8:6::1   behind short long   balance flap:10s

      """),
    lab(
      "anycast", "one address in two places",
      try: "sh -c 'for n in 1 2 3 4; do ping -c 1 203.0.113.80 | grep time=; done'",
      """
      The site stands in two places with one address (anycast). Which one answers depends on the flow: one
      is 4 ms away, the other 60.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      path      1   as near           behind r1.isp.test            delay 1ms
      path      3   as far            behind r1.isp.test            delay 10ms

      """,
      site: """
        site      www.discord.test      203.0.113.80  2001:db8:cb::80   behind near
        site      www.discord.test      203.0.113.80  2001:db8:cb::80   behind far

        """),
    lab(
      "64-hops", "sixty-four hops", try: "traceroute -m 64 www.discord.test",
      """
      A path of 63 routers and the site: more than a traceroute looks for by default. With one router more, what
      is sent with a time to live of 64 would not arrive.
      """,
      """
      path      63                    delay 0.2ms

      """),
  ]
}
