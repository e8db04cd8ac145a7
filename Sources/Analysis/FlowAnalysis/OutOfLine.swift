/// An optional value that takes one word where it stands, and memory of its own only when it is
/// there: facts are copied for every packet, and most have few parts.
struct OutOfLine<Value: Sendable>: Sendable {
  private var storage: [Value] = []

  var value: Value? {
    get { storage.first }
    set { storage = newValue.map { [$0] } ?? [] }
  }

  /// There is a value.
  var isThere: Bool { !storage.isEmpty }

  /// The value is there, and is what `condition` says; it is not copied for that.
  func has(_ condition: (borrowing Value) -> Bool) -> Bool {
    let storage = storage.span
    return !storage.isEmpty && condition(storage[0])
  }

  init() {}

  init(_ value: consuming Value) { storage = [value] }
}
