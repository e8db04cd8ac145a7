import Testing

@testable import ServiceEngine

@Suite("Responses to a client")
struct HTTPResponseReaderTests {
  @Test("one after the other, in whatever pieces they come")
  func sequence() {
    let text =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 204 No Content\r\n\r\n"
      + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Le"
    for size in 1...text.utf8.count {
      var reader = HTTPResponseReader()
      var rest = Array(text.utf8)[...]
      var seen: [HTTPResponseReader.Response] = []
      while !rest.isEmpty {
        seen += reader.receive(rest.prefix(size)) ?? []
        rest = rest.dropFirst(size)
      }
      #expect(seen.map(\.status) == [200, 204, 404])
      #expect(seen.map { String(decoding: $0.body, as: UTF8.self) } == ["hello", "", ""])
    }
  }

  @Test(
    "what is none",
    arguments: [
      "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "nonsense\r\n\r\n",
      String(repeating: "x", count: 8193),
    ])
  func refused(text: String) {
    var reader = HTTPResponseReader()
    #expect(reader.receive(Array(text.utf8)[...]) == nil)
  }
}
