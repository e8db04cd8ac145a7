public import FlowAnalysis
public import PacketWire

/// What one address sent and received.
public struct EndpointTraffic: Sendable {
  /// The address.
  public var address: IPAddress
  /// What it sent.
  public var sent = TrafficCount()
  /// What was sent to it.
  public var received = TrafficCount()
  /// With how many conversations.
  public var conversations = 0

  /// Both directions.
  public var total: TrafficCount { sent + received }
}

extension Conversations {
  /// What each address sent and received, in the conversations that are remembered, the busiest
  /// first.
  public var endpoints: [EndpointTraffic] {
    var places: [IPAddress: Int] = [:]
    var endpoints: [EndpointTraffic] = []
    func note(_ address: IPAddress, sent: TrafficCount, received: TrafficCount) {
      let place = places[address] ?? endpoints.count
      if place == endpoints.count {
        places[address] = place
        endpoints.append(EndpointTraffic(address: address))
      }
      endpoints[place].sent += sent
      endpoints[place].received += received
      endpoints[place].conversations += 1
    }
    forEach { conversation in
      let (sent, answered) = (conversation.sent, conversation.answered)
      note(conversation.initiator.address, sent: sent, received: answered)
      note(conversation.responder.address, sent: answered, received: sent)
    }
    return endpoints.sorted { $0.total.octets > $1.total.octets }
  }
}
