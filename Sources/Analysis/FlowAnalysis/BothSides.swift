/// One value for each side of a connection.
struct BothSides<Value: Sendable>: Sendable {
  var client: Value
  var server: Value

  init(_ value: Value) { (client, server) = (value, value) }

  subscript(side: TCPSide) -> Value {
    @inline(__always) _read {
      if side == .client { yield client } else { yield server }
    }
    @inline(__always) _modify {
      if side == .client { yield &client } else { yield &server }
    }
  }
}
