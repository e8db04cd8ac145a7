import Testing

extension Live {
  /// No interface that can be made here has stamps of its own: what is told is why not.
  @Suite("Hardware stamps where there are none")
  struct StampLiveTests {
    @Test("loopback, a veth and the lab's TUN are refused with what shows why, and code 2")
    func refused() throws {
      let result = try LiveLab.inside(
        """
        ip link add ww-veth0 type veth peer name ww-veth1
        for name in lo ww-veth0 wan0; do
          ping-swift -n -c 1 --hardware-stamps -I $name 127.0.0.1 2>&1; echo "code $?"
          \(Shell.powerless) ping-swift -n -c 1 --hardware-stamps -I $name 127.0.0.1 2>&1
          echo "code $?"
        done
        ping-swift -n -c 1 --hardware-stamps -I ww-none 127.0.0.1 2>&1; echo "code $?"
        """)
      // Nobody needs rights to be told that there is nothing.
      let expected = ["lo", "ww-veth0", "wan0"].flatMap { name in
        [String](
          repeating:
            "ping-swift: cannot use hardware stamps: \(name) has no hardware stamps of what it sends "
            + "and receives, as `ethtool -T \(name)` shows; leave out --hardware-stamps\ncode 2",
          count: 2)
      }
      let lines = result.output.split(separator: "\n")
      #expect(lines.prefix(12).joined(separator: "\n") == expected.joined(separator: "\n"))
      #expect(
        lines.dropFirst(12) == [
          "ping-swift: cannot bind to interface ww-none: No such device; `ip link` lists the interfaces",
          "code 2",
        ])
    }
  }
}
