import FlowAnalysis
import LinuxSystem
import PacketText
import PacketWire

/// The body of one message on its way to a file.
final class ObjectFile {
  /// What its head says.
  let message: HTTPContents.Message
  /// Undoes its Content-Encoding.
  let decoder: ContentDecoder
  /// Octets written, and octets that are missing.
  private(set) var count = 0
  var missing: Int64 = 0
  /// It is larger than may be written.
  var isCut = false
  /// It gets no file.
  var isLeftOut = false
  private var file: NumberedFiles.File?
  private var fileName = ""

  init(_ message: HTTPContents.Message) {
    self.message = message
    decoder = ContentDecoder(message.contentEncoding)
  }

  /// A safe name for it.
  var name: ObjectName {
    ObjectName(
      message.target, contentType: message.contentType, isRequest: !message.isResponse)
  }

  var isOpen: Bool { file != nil }

  /// Goes to this file.
  func open(_ file: consuming NumberedFiles.File) {
    fileName = file.name
    self.file = consume file
  }

  func write(_ octets: Span<UInt8>) throws(SystemError) {
    guard let number = file?.descriptor.rawValue else { return }
    try NumberedFiles.write(octets, to: number, fileName)
    count += octets.count
  }

  func close() { file = nil }

  /// Appends a line: its file, how long it is, and what it is of.
  func describe(isWhole: Bool, packet: Int, _ out: inout TextBuffer) {
    out.append(untrusted: fileName)
    out.append(": ")
    out.append(decimal: count)
    out.append(count == 1 ? " octet" : " octets")
    if let type = message.contentType, !type.isEmpty {
      out.append(", ")
      out.append(untrusted: type.octets.span, atMost: 80)
    }
    out.append(message.isResponse ? ", of " : ", sent to ")
    if let host = message.host { out.append(untrusted: host.octets.span, atMost: 80) }
    if let target = message.target {
      out.append(untrusted: target.octets.span, atMost: 120)
    } else {
      out.append("a request that was not captured")
    }
    out.append(" (packet ")
    out.append(decimal: packet)
    out.append(")")
    if missing > 0 {
      out.append("; not captured: ")
      out.append(decimal: missing)
      out.append(" octets")
    } else if !isWhole {
      out.append("; it does not end in the capture")
    }
    if isCut { out.append("; cut off, for a limit was reached") }
    if decoder.isLeftPacked, let encoding = message.contentEncoding {
      out.append("; not unpacked: ")
      out.append(untrusted: encoding.octets.span, atMost: 40)
    }
    out.newline()
  }
}
