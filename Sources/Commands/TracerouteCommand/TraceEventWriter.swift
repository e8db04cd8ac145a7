import EventJSON
import PacketText
import PacketWire

/// Writes events about a target; each begins with the same fields.
protocol TraceEventWriter {
  /// The name as it was typed.
  var host: String { get }
  /// Where probes go.
  var target: IPAddress { get }
  /// Which of many targets it is, from zero; nil where there is one.
  var index: Int? { get }
}

extension TraceEventWriter {
  var index: Int? { nil }

  /// Appends one event without ending its line.
  func begin(
    _ event: String, at time: WallInstant, _ text: inout TextBuffer,
    _ fields: (inout JSONObject) -> Void
  ) {
    text.appendEvent(event) { object in
      object.field("time_ns", time)
      object.field("target", host)
      object.field("destination", target)
      if let index { object.field("index", index) }
      fields(&object)
    }
  }
}
