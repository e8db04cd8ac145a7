import PacketText
import PacketWire
import PortNames
import Testing

@Suite("The table of ports")
struct PortTableTests {
  @Test("what lines show is in the table, once and by the same name, and nothing else is twice")
  func agreesWithLines() {
    var names: [[UInt16]: String] = [:]
    for entry in PortTable.all() {
      #expect(!entry.protocols.isEmpty)
      for number in entry.protocols {
        let key = [entry.port, UInt16(number.rawValue)]
        #expect(names[key] == nil, "\(entry.name) is not alone at \(entry.port)")
        names[key] = entry.name
      }
    }
    for port in UInt16.min...UInt16.max {
      for number in [IPProtocol.tcp, .udp] {
        guard let name = ServiceNames.name(ofPort: port, number) else { continue }
        #expect(names[[port, UInt16(number.rawValue)]] == name)
      }
    }
  }

  @Test("the rest of IANA's: no port and protocol twice, names that people can type")
  func registry() {
    var taken: Set<[UInt16]> = []
    for entry in PortTable.all() {
      for number in entry.protocols { taken.insert([entry.port, UInt16(number.rawValue)]) }
    }
    let others = PortTable.registered()
    #expect(others.count > 5000 && others.map(\.port) == others.map(\.port).sorted())
    for entry in others {
      #expect(entry.name == entry.name.lowercased() && !entry.name.contains(" "))
      for number in entry.protocols {
        #expect(taken.insert([entry.port, UInt16(number.rawValue)]).inserted, "\(entry)")
      }
    }
    // One over both, one over each alone.
    #expect(PortTable.entries(named: "compressnet").map(\.port) == [2, 3])
    #expect(PortTable.entries(ofPort: 2).map(\.protocols) == [[.tcp, .udp]])
    #expect(PortTable.entries(ofPort: 113).map(\.name).contains("auth"))
    #expect(PortTable.entries(named: "rtcm-sc104").map(\.port) == [2101])
  }

  @Test("names are such as people can type, purposes are sentences")
  func form() {
    let entries = PortTable.all()
    #expect(entries.map(\.port) == entries.map(\.port).sorted() && entries.count > 150)
    for entry in entries {
      for name in entry.aliases + [entry.name] {
        #expect(name == name.lowercased() && !name.isEmpty && !name.contains(" "))
        #expect(!name.isEmpty && name.utf8.count <= 32)
      }
      if entry.port % 16 == 0 {
        #expect(PortTable.entries(named: entry.name).contains(entry))
        for name in entry.aliases { #expect(PortTable.entries(named: name).contains(entry)) }
      }
      #expect(entry.purpose.hasSuffix(".") && entry.purpose.first?.isWhitespace == false)
    }
  }

  @Test(
    "the ports that everybody knows",
    arguments: [
      ("http", 80), ("ftp", 21), ("imap", 143), ("smtp", 25), ("telnet", 23), ("pop3", 110),
      ("DNS", 53), ("https", 443), ("ssh", 22),
    ] as [(String, UInt16)])
  func wellKnown(name: String, port: UInt16) {
    #expect(PortTable.entries(named: name).map(\.port) == [port])
    #expect(
      PortTable.entries(ofPort: port).contains {
        ($0.aliases + [$0.name]).contains(name.lowercased())
      })
  }

  @Test func aPortOfTwoNamesAndOneOfNone() {
    #expect(PortTable.entries(ofPort: 514).map(\.name) == ["shell", "syslog"])
    #expect(PortTable.entries(ofPort: 514).map(\.protocols) == [[.tcp], [.udp]])
    #expect(PortTable.entries(ofPort: 53).map(\.protocols) == [[.tcp, .udp]])
    #expect(PortTable.entries(ofPort: 0).isEmpty && PortTable.entries(ofPort: .max).isEmpty)
    #expect(PortTable.entries(named: "").isEmpty)
  }

  @Test(
    "near misses",
    arguments: [
      ("htp", "http"), ("telnt", "telnet"), ("tlenet", "telnet"), ("smpt", "smtp"),
      ("postgress", "postgresql"), ("HTTTP", "http"), ("snmptraps", "snmp-trap"),
    ])
  func nearMisses(word: String, name: String) {
    #expect(PortTable.names(near: word).contains(name), "\(PortTable.names(near: word))")
    #expect(PortTable.names(near: word, atMost: 1).count == 1)
  }

  @Test func nothingIsNearToNonsense() {
    #expect(PortTable.names(near: "xyzzy").isEmpty && PortTable.names(near: "").isEmpty)
    #expect(PortTable.names(near: String(repeating: "z", count: 100_000)).isEmpty)
  }
}
