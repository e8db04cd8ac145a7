import LinuxNet
import LinuxSystem

/// Which end of the simulated internet somebody is at.
enum LabEnd: String, CaseIterable, Sendable {
  /// Where commands run.
  case client
  /// Where the servers are.
  case server
}

/// The namespaces of a lab, held open so that others can be let in.
struct LabDoors: ~Copyable {
  /// Only where an ordinary user has made the lab.
  private let user: Namespace?
  private let mount: Namespace
  private let client: Namespace
  private let server: Namespace
  private let process: Namespace

  /// The network namespaces at both ends, and others that the calling thread is in.
  init(
    user hasUserNamespace: Bool, client: consuming Namespace, server: consuming Namespace
  ) throws(SystemError) {
    let mount = try Namespace.current(.mount)
    let process = try Namespace.current(.process)
    if hasUserNamespace { user = try .current(.user) } else { user = nil }
    self.mount = mount
    self.client = client
    self.process = process
    self.server = server
  }

  /// Answers somebody who wants to come in at one end.
  func open(to visitor: borrowing LocalSocket, at end: LabEnd) throws(SystemError) {
    var numbers = [
      mount.descriptorNumber,
      end == .client ? client.descriptorNumber : server.descriptorNumber,
      process.descriptorNumber,
    ]
    var kinds: [Namespace.Kind] = [.mount, .network, .process]
    if let user = user.descriptorNumber {
      // First, for it gives the right to enter the others.
      numbers.insert(user, at: 0)
      kinds.insert(.user, at: 0)
    }
    try visitor.send(LabMessage.octets(kinds.map(\.rawValue)), descriptors: numbers)
  }

  /// Enters what `open` sent, in its order. What this process starts from then on is in the lab.
  static func enter(_ octets: [UInt8], _ descriptors: [CInt]) throws(SystemError) {
    // All are taken over first, so that all are closed whatever happens.
    var numbers = descriptors[...]
    let kinds = LabMessage.fields(octets)
    while let number = numbers.popFirst() {
      let descriptor = Descriptor(owning: number)
      let index = descriptors.count - numbers.count - 1
      guard kinds.indices.contains(index), let kind = Namespace.Kind(rawValue: kinds[index]) else {
        continue
      }
      try Namespace(owning: descriptor, kind).enter()
    }
  }
}

extension Namespace? {
  /// Of the one that there may be.
  fileprivate var descriptorNumber: CInt? {
    switch self {
    case .some(let namespace): namespace.descriptorNumber
    case .none: nil
    }
  }
}
