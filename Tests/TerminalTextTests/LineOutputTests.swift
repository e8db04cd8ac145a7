import LinuxSystem
import TerminalText
import PacketText
import Testing

/// Takes what an output writes, or refuses it.
private final class Reader {
  var pieces: [[UInt8]] = []
  var refusal: SystemError?

  func output(_ flushing: FlushPolicy, limit: Int = 16) -> LineOutput {
    LineOutput(flushing: flushing, limit: limit) { octets throws(SystemError) in
      if let refusal = self.refusal { throw refusal }
      self.pieces.append(octets.indices.map { octets[$0] })
    }
  }

  var texts: [String] { pieces.map { String(decoding: $0, as: UTF8.self) } }
}

@Suite("LineOutput")
struct LineOutputTests {
  @Test func eachLineIsWrittenAtItsEnd() {
    let reader = Reader()
    var output = reader.output(.eachLine)
    output.text.append("one")
    #expect(reader.texts == [])
    output.endLine()
    #expect(reader.texts == ["one\n"] && output.text.isEmpty)
    output.endLine()
    #expect(reader.texts == ["one\n", "\n"])
  }

  @Test func linesAreGathered() {
    let reader = Reader()
    var output = reader.output(.whenFull, limit: 16)
    output.text.append("seven..")
    output.endLine()
    output.text.append("six...")
    output.endLine()
    #expect(reader.texts == [] && output.text.count == 15)
    output.endLine()
    #expect(reader.texts == ["seven..\nsix...\n\n"])
    output.text.append("rest")
    output.flush()
    output.flush()
    #expect(reader.texts == ["seven..\nsix...\n\n", "rest"])
  }

  @Test("a reader that is gone closes the output quietly and for good")
  func closed() {
    let reader = Reader()
    var output = reader.output(.eachLine)
    reader.refusal = SystemError("write", errorNumber: 32)  // EPIPE
    output.text.append("one")
    output.endLine()
    #expect(!output.isOpen && output.failure == nil && output.text.isEmpty)
    reader.refusal = nil
    output.text.append("two")
    output.endLine()
    #expect(reader.texts == [] && !output.isOpen && output.text.isEmpty)
  }

  @Test("a failure is kept")
  func failed() {
    let reader = Reader()
    var output = reader.output(.eachLine)
    let full = SystemError("write", on: "x", errorNumber: 28)  // ENOSPC
    reader.refusal = full
    output.endLine()
    reader.refusal = SystemError("write", errorNumber: 5)
    output.endLine()
    #expect(!output.isOpen && output.failure == full)
  }

  @Test("a descriptor that takes nothing fails at the first write")
  func fullDevice() throws {
    let full = try Descriptor.createForWriting("/dev/full")
    var output = LineOutput(to: full.rawValue, flushing: .whenFull)
    output.text.append("lost")
    output.endLine()
    #expect(output.isOpen == true)
    output.flush()
    #expect(!output.isOpen && output.failure?.errorNumber == 28)  // ENOSPC
  }

  @Test func policies() {
    #expect(FlushPolicy.automatic(isTerminal: true) == .eachLine)
    #expect(FlushPolicy.automatic(isTerminal: false) == .whenFull)
    #expect(FlushPolicy.automatic(isTerminal: false, isLineBuffered: true) == .eachLine)
  }
}
