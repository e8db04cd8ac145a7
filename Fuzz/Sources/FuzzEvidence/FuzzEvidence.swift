import ProbeEngine
import ProbeEvidence

/// The first octet says how large the pieces are in which the file comes; the others are the file.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count >= 1, let data = unsafe data else { return 0 }
  let input = unsafe UnsafeBufferPointer(start: data, count: count)
  let file = [UInt8](input.dropFirst())
  let whole = read(file, by: file.count)
  // However a file comes, it says the same.
  precondition(read(file, by: Int(input[0]) + 1) == whole, "pieces make a difference")
  return 0
}

/// What a file says.
private struct Told: Equatable {
  var events: [EvidenceEvent] = []
  var refusals: [EvidenceRefusal] = []
  var ending: EvidenceEnding?
  var session: EvidenceSession?
  var skipped = 0
  var hasProblem = false
}

private func read(_ file: [UInt8], by size: Int) -> Told {
  var reader = EvidenceReader()
  var told = Told()
  var place = 0
  while true {
    switch reader.next() {
    case .event(let event):
      told.events.append(event)
      _ = (event.timing, event.arrival, TraceRequest(event), event.packet.reception)
    case .refused(let refusal): told.refusals.append(refusal)
    case .end:
      told.ending = reader.ending
      (told.session, told.skipped) = (reader.session, reader.skippedCount)
      told.hasProblem = reader.problem != nil
      return told
    case .needMoreOctets:
      guard place < file.count else {
        reader.finish()
        continue
      }
      let piece = Array(file[place..<min(place + max(size, 1), file.count)])
      reader.append(piece.span)
      place += piece.count
    }
  }
}
