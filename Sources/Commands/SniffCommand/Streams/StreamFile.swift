import LinuxSystem
import PacketText
import PacketWire

/// What one end of a connection said, on its way to a file.
final class StreamFile {
  private let name: ObjectName
  /// What the file is called, once there is one.
  private var fileName: String?
  /// What is not written yet.
  private var waiting: [UInt8] = []
  /// The packets that it came in: the first and the last.
  private var packets: (first: Int, last: Int)?
  /// Octets, those that wait too, and octets that are missing.
  private(set) var count = 0
  var missing: Int64 = 0
  /// The sender has said its last.
  var hasEnded = false
  /// It gets no file.
  private(set) var isLeftOut = false

  /// To be written under this name.
  init(_ name: ObjectName) { self.name = name }

  /// Its first octets are to be written.
  var isNew: Bool { fileName == nil && !isLeftOut && !waiting.isEmpty }
  var waitingCount: Int { waiting.count }

  /// A packet had octets of it, whether others had them before or not.
  func note(packet: Int) { packets = (packets?.first ?? packet, packet) }

  /// Adds what is next.
  func append(_ octets: Span<UInt8>) {
    guard !isLeftOut else { return }
    waiting.append(addingCapacity: octets.count) { $0.append(copying: octets) }
    count += octets.count
  }

  /// Gets no file: nothing of it is kept.
  func leaveOut() { (isLeftOut, waiting, count) = (true, [], 0) }

  /// Writes what waits, or leaves the stream out if it can get no file.
  func write(to folder: inout NumberedFiles?) throws(SystemError) {
    let octets = waiting
    waiting = []
    fileName = try folder?.write(octets.span, behind: fileName, named: name)
    if fileName == nil { leaveOut() }
  }

  /// Appends a line, if there is a file: its name, how long it is, and where it comes from.
  func describe(isReset: Bool, _ out: inout TextBuffer) {
    guard let fileName, let packets else { return }
    out.append(fileName)
    out.append(": ")
    out.append(decimal: count)
    out.append(count == 1 ? " octet (packet" : " octets (packet")
    if packets.first != packets.last { out.append("s") }
    out.append(" ")
    out.append(decimal: packets.first)
    if packets.first != packets.last {
      out.append(" to ")
      out.append(decimal: packets.last)
    }
    out.append(")")
    if missing > 0 {
      out.append("; not captured: ")
      out.append(decimal: missing)
      out.append(missing == 1 ? " octet" : " octets")
    }
    if !hasEnded {
      out.append(isReset ? "; ended by a reset" : "; it does not end in the capture")
    }
    out.newline()
  }
}
