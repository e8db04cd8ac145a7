// What goes wrong on the way.
extension TopologyGallery {
  static let faults = [
    lab(
      "last-mile", "a lossy and jittery last mile", try: "ping -c 50 -i 0.05 www.discord.test",
      """
      A bad line at home: losses that come in bursts, and jitter with a long tail. All hops behind it seem to
      lose packets too, but the loss is here.
      """,
      """
      router    gateway.home.test     198.18.1.1    2001:db8:1::1   delay 0.5ms
      router    line.isp.test         198.18.2.1    2001:db8:2::1   delay 8ms jitter 3ms pareto burst 2%:40%
      path      3                     delay 2ms

      """),
    lab(
      "bufferbloat", "a narrow link with a deep queue",
      try: "sh -c 'ping -qi 0.002 -s 1400 -w 3 203.0.113.80 & ping -c 20 -i 0.2 203.0.113.80'",
      """
      A narrow link whose queue holds two seconds of packets. Idle, the path takes 11 ms; as soon as something
      fills the queue, every packet waits behind it.
      """,
      """
      router    gateway.home.test     198.18.1.1    2001:db8:1::1   delay 0.5ms
      router    line.isp.test         198.18.2.1    2001:db8:2::1   delay 3ms rate 1mbit/4mbit queue 2s
      path      2                     delay 1ms

      """),
    lab(
      "black-hole", "a link that drops long packets and tells nobody",
      try: "tracepath -n www.discord.test",
      """
      A broken path MTU: the link behind the second router takes 1400 octets, and the router before it, which
      should say so, is silent. Small packets pass, a page load hangs.
      """,
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      router    r2.isp.test           198.18.2.1    2001:db8:2::1   delay 1ms silent
      router    r3.isp.test           198.18.3.1    2001:db8:3::1   delay 1ms mtu 1400
      router    r4.isp.test           198.18.4.1    2001:db8:4::1   delay 1ms

      """),
    lab(
      "narrow", "a path whose MTU shrinks twice", try: "tracepath -n www.discord.test",
      "The MTU shrinks twice on the way, and the routers say so as they should.",
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      router    r2.isp.test           198.18.2.1    2001:db8:2::1   delay 1ms mtu 1460
      router    r3.isp.test           198.18.3.1    2001:db8:3::1   delay 1ms
      router    r4.isp.test           198.18.4.1    2001:db8:4::1   delay 1ms mtu 1400

      """),
    lab(
      "damage", "a link that flips bits, doubles packets and lets them overtake",
      try: "ping -c 50 -i 0.02 www.discord.test",
      "A link that flips a bit here and there, doubles packets, and lets some come late.",
      """
      router    r1.isp.test           198.18.1.1    2001:db8:1::1   delay 1ms
      router    r2.isp.test           198.18.2.1    2001:db8:2::1   delay 3ms corrupt 4% duplicate 4% late 4%:25ms
      path      1                     delay 1ms

      """),
  ]
}
