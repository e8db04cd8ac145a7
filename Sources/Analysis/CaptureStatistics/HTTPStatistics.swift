public import FlowAnalysis
import PacketWire
public import ProbeEngine

/// What the capture's HTTP messages come to.
public struct HTTPStatistics: Sendable {
  /// Requests.
  public private(set) var requests = 0
  /// Final responses.
  public private(set) var responses = 0
  /// Octets of the responses' bodies, as they were sent.
  public private(set) var bodyOctets: Int64 = 0
  /// Octets that the capture does not hold.
  public private(set) var missingOctets: Int64 = 0
  /// The requests by method.
  public private(set) var methods = Tally<UntrustedText>(capacity: 64)
  /// The requests by host.
  public private(set) var hosts = Tally<UntrustedText>(capacity: 1024)
  /// The responses by status code.
  public private(set) var statuses = Tally<UInt16>(capacity: 512)
  /// The responses by media type.
  public private(set) var mediaTypes = Tally<UntrustedText>(capacity: 256)
  /// From the last octet of a request to the first of its response.
  public private(set) var times = DelayHistogram()

  /// Nothing was seen.
  public init() {}

  mutating func add(_ event: HTTPEvent) {
    switch event {
    case .request(let request):
      requests += 1
      methods.add(request.method)
      if let host = request.host { hosts.add(host) }
    case .requestEnd: break
    case .response(let response):
      guard !response.isInterim else { return }
      responses += 1
      statuses.add(response.status)
      if let type = response.contentType { mediaTypes.add(type.mediaType) }
      if let request = response.request { times.add(response.first.time - request.last.time) }
    case .responseEnd(let end):
      bodyOctets += end.bodyOctets
      missingOctets += end.missingOctets
    }
  }
}
