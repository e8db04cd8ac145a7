/// One value for each side of a connection.
struct BothSides<Value: Sendable>: Sendable {
  var client: Value
  var server: Value

  init(_ value: Value) { (client, server) = (value, value) }

  subscript(side: TCPSide) -> Value {
    // Not lent by `_read` from two places: optimised code of Swift 6.3 has read such a value when it
    // was gone (found by a fuzzer in `StreamReader`, which was written so).
    @inline(__always) get { side == .client ? client : server }
    @inline(__always) _modify {
      if side == .client { yield &client } else { yield &server }
    }
  }
}
