/// Takes in responses that follow each other on a client's connection, each with a length or without
/// a body (RFC 9112 §6.3). It is for servers that are known to answer so, as ours does.
public struct HTTPResponseReader: Sendable {
  /// One response.
  public struct Response: Hashable, Sendable {
    /// The three digits.
    public var status: Int
    /// What it says; hostile.
    public var body: [UInt8]
  }

  /// The longest body that is taken, in octets.
  private static let longestBody = 1 << 20

  private var input: [UInt8] = []
  private var finder = HTTPHeadFinder()

  /// Nothing has come.
  public init() {}

  /// Takes octets; gives the responses that are whole now. Nil where they are none that it knows.
  public mutating func receive(_ octets: ArraySlice<UInt8>) -> [Response]? {
    input += octets
    var responses: [Response] = []
    while let end = finder.end(in: input) {
      guard let head = try? HTTPHead(input[..<end]), head.startLine.count >= 2,
        let status = Int(String(decoding: head.startLine[1], as: UTF8.self)),
        let length = length(of: head, status)
      else { return nil }
      guard input.count - end >= length else { return responses }
      responses.append(Response(status: status, body: Array(input[end..<end + length])))
      input.removeFirst(end + length)
      finder = HTTPHeadFinder()
    }
    return input.count <= HTTPHead.maximumLength ? responses : nil
  }

  private func length(of head: HTTPHead, _ status: Int) -> Int? {
    if status == 204 || status == 304 { return 0 }
    guard head.fields["transfer-encoding"] == nil, let text = head.fields["content-length"],
      let length = Int(text), (0...Self.longestBody).contains(length)
    else { return nil }
    return length
  }
}
