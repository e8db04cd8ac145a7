import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

@Suite("Whose sockets are")
struct SocketDiagnosisTests {
  private let process = Int(getpid())

  private func owner(_ inode: UInt32?) -> Int? {
    inode.flatMap { ProcessTable.owners(ofSocketsIn: [process])[$0] }
  }

  @Test("a datagram socket is found by both directions of its packets", arguments: [true, false])
  func datagrams(isConnected: Bool) throws {
    let receiver = try MessageSocket(.datagram(.udp), family: .v4)
    try receiver.bind(to: Endpoint(.v4(.loopback)))
    let target = try receiver.localEndpoint()
    let sender = try MessageSocket(.datagram(.udp), family: .v4)
    let payload: [UInt8] = [1]
    try sender.send(payload.span, to: target)
    let port = try sender.localEndpoint().port
    let source = Endpoint(.v4(.loopback), port: port)
    var diagnosis = try SocketDiagnosis()
    let first = try diagnosis.inode(of: 17, local: source, remote: target)
    let second = try diagnosis.inode(of: 17, local: target, remote: source)
    #expect(first != nil && second != nil && first != second)
    #expect(owner(first) == process && owner(second) == process)
    let none = try diagnosis.inode(of: 6, local: source, remote: target)
    #expect(none == nil)
  }

  @Test("a connection that waits to be accepted is nobody's, and its listener is found")
  func listener() throws {
    let listener = try StreamListener(at: Endpoint(.v4(.loopback)))
    let place = try listener.localEndpoint()
    var diagnosis = try SocketDiagnosis()
    let listening = try diagnosis.inode(of: 6, local: place, remote: Endpoint(.v4(.any)))
    #expect(owner(listening) == process)
    let elsewhere = Endpoint(.v4(.loopback), port: place.port ^ 1)
    let none = try diagnosis.inode(of: 6, local: elsewhere, remote: Endpoint(.v4(.any)))
    #expect(none != listening)
  }

  @Test("this process is in its parent's tree, has a name, and nobody has a socket that is none")
  func processes() {
    #expect(ProcessTable.ownNumber == process)
    #expect(ProcessTable.tree(of: ProcessTable.ownParent).contains(process))
    #expect(!ProcessTable.tree(of: process).contains(ProcessTable.ownParent))
    #expect(ProcessTable.numbers().contains(process))
    #expect(ProcessTable.name(of: process)?.isEmpty == false)
    #expect(ProcessTable.name(of: 0) == nil && ProcessTable.owners(ofSocketsIn: [0]).isEmpty)
  }

  @Test("an echo socket stands in the table under its identifier")
  func table() throws {
    guard let socket = try? MessageSocket(.datagram(.icmp), family: .v4) else { return }
    try socket.bind(to: Endpoint(.v4(.loopback)))
    let port = try socket.localEndpoint().port
    let found = SocketDiagnosis.inodes(inTable: "icmp", port: port)
    #expect(found.contains { owner($0) == process })
    #expect(SocketDiagnosis.inodes(inTable: "nosuch", port: 1) == [])
  }
}
