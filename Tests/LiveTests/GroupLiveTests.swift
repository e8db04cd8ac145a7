import Testing

extension Live {
  @Suite("Groups and broadcast addresses")
  struct GroupLiveTests {
    /// Three hosts on one link, in namespaces of their own.
    static let hosts = """
      ip link add br0 type bridge && ip link set br0 up && ip addr add 198.18.9.1/24 dev br0
      for i in 2 3 4; do
        unshare -n sleep 20 & pid=$!
        until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
        ip link add v$i type veth peer name eth0 netns $pid
        ip link set v$i master br0 up
        nsenter -t $pid -n sh -c "ip addr add 198.18.9.$i/24 dev eth0; ip link set eth0 up
          sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0"
      done
      for i in 2 3 4; do ping -n -c 20 -i 0.2 -w 5 198.18.9.$i | grep -q ' bytes from ' || echo "no host $i"; done

      """

    @Test("each host that answers has a row, and is no duplicate of another")
    func responders() throws {
      let result = try LiveLab.inside(
        Self.hosts + """
          \(Shell.section("plain"))
          timeout 9 ping-swift -n -b -c 3 -i 0.2 -W 1 198.18.9.255
          \(Shell.section("iputils"))
          timeout 9 ping -n -b -c 3 -i 0.2 -W 1 198.18.9.255 2>/dev/null
          \(Shell.section("iputils verbose"))
          timeout 9 ping -n -v -b -c 3 -i 0.2 -W 1 198.18.9.255 2>/dev/null
          \(Shell.section("verbose"))
          timeout 9 ping-swift -n -v -b -c 3 -i 0.2 -W 1 198.18.9.255
          \(Shell.section("json"))
          timeout 9 ping-swift -n --json -b -c 3 -i 0.2 -W 1 198.18.9.255
          """)
      let sections = result.sections
      func count(_ section: String, _ text: String) -> Int {
        sections[section, default: []].filter { $0.contains(text) }.count
      }
      // The run ends with the first answer to its last probe.
      for section in ["plain", "iputils"] {
        #expect(count(section, " (DUP!)") == 0, "\(result.output)\(result.errors)")
        #expect(count(section, " bytes from ") >= 7, "\(result.output)\(result.errors)")
      }
      #expect(count("iputils verbose", " (DUP!)") >= 4)
      #expect(count("verbose", " (DUP!)") == 0)
      let rows = sections["verbose", default: []].drop { !$0.hasPrefix("answered by") }.dropFirst()
      let hosts = rows.map { $0.split(separator: " ") }
      #expect(Set(hosts.compactMap(\.first)) == ["198.18.9.2", "198.18.9.3", "198.18.9.4"])
      for host in hosts {
        #expect(["2", "3"].contains(host[1]) && host[2] == "0", "\(result.output)")
      }
      #expect(count("json", "\"ping.responder\"") == 3 && count("json", "\"ping.duplicate\"") == 0)
    }
  }
}
