import CaptureFile
import ExampleShell
import FlowAnalysis
import PacketText
import PacketWire

/// Prints what happened on the TCP connections of a capture: how long each handshake took, what was
/// asked for over HTTP, what was answered and when, and how the connection ended.
///
/// `FlowAnalysis` is given every frame and says at once what is known of it from itself and from those
/// before it. What it remembers is bounded, so that a capture may be as long as it likes.
@main
struct Flows {
  static func main() {
    let command = Command(usage: "flows FILE", arguments: 1...1)
    command.run { try printFlows(of: command.arguments[0]) }
  }

  private static func printFlows(of path: String) throws {
    var analysis = FlowAnalysis()
    defer {
      let counts = analysis.counts
      if counts.gaps > 0 { print("the capture lacks \(counts.gapOctets) octets of streams") }
    }
    try forEachPacket(of: path) { packet, octets in
      let frame = Frame(
        decoding: octets, linkType: packet.linkType, originalLength: packet.originalLength)
      let facts = analysis.add(
        frame, octets: octets, number: packet.number, time: packet.time,
        originalLength: packet.originalLength)
      guard case .tcp(let segment) = facts.content, let flow = facts.flow else { return }
      for sentence in sentences(on: segment, facts) {
        print("#\(packet.number) \(flow) \(sentence)")
      }
    }
  }

  private static func sentences(on segment: TCPFacts, _ facts: PacketFacts) -> [String] {
    var sentences: [String] = []
    if case .complete? = segment.opening, let handshake = segment.handshake {
      let server = milliseconds(handshake.serverRoundTrip)
      sentences.append(
        "\(name(of: facts.source)) is connected to \(name(of: facts.destination)) after "
          + "\(milliseconds(handshake.duration)); the server's part of it is \(server)")
    }
    for event in segment.stream?.events ?? [] {
      switch event {
      case .request(let request):
        sentences.append("→ \(safe(request.method)) \(safe(request.target))")
      case .requestEnd: break
      case .response(let response):
        sentences.append("← \(response.status) \(safe(response.reason))")
      case .responseEnd(let end):
        sentences.append("← \(end.bodyOctets) octets of content\(completion(end, facts.mark.time))")
      }
    }
    if case .refusal? = segment.closing?.reset {
      sentences.append("\(name(of: facts.source)) refuses the connection")
    } else if let end = segment.closing?.ended {
      sentences.append(
        "over after \(milliseconds(end.lifetime)): \(end.clientOctets) octets sent, "
          + "\(end.serverOctets) received")
    }
    return sentences
  }

  /// How long after its request a response was whole, if it ever was.
  private static func completion(_ end: HTTPMessageEnd, _ time: WallInstant) -> String {
    switch end.cause {
    case .complete, .closed:
      end.request.map { ", whole \(milliseconds(time - $0.first.time)) after the request" } ?? ""
    case .cutShort, .hidden: ", not whole"
    }
  }

  /// The name by which the capture's DNS answers gave the address, if one did, or else the address.
  private static func name(of end: Endpoint?) -> String {
    end.map { $0.name?.text ?? "\($0)" } ?? "?"
  }

  /// What somebody on the network chose to send never reaches a terminal as it is.
  private static func safe(_ text: UntrustedText) -> String {
    SafeText.escaped(text.octets.span, atMost: 60)
  }
}
