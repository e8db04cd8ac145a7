internal import LinuxNet

/// Whether anything can pass a filter: its ways are walked with what is known of each number that was
/// loaded. libpcap's own optimizer compares; that an octet is no 300, and that a packet is not shorter
/// than 10 and longer than 20 octets, it does not see.
struct FilterReach {
  /// What a number can be.
  fileprivate struct Bounds: Hashable {
    var low: UInt64 = 0
    var high: UInt64 = 0xffff_ffff

    var isPossible: Bool { low <= high }
  }

  /// What was loaded, by the instruction's code and place.
  fileprivate struct Source: Hashable {
    var code: UInt16
    var constant: UInt32
  }

  fileprivate struct State {
    var index: Int
    var accumulator: Source?
    var bounds = Bounds()
    var known: [Source: Bounds] = [:]
  }

  /// After so many steps it is taken that something passes.
  private static let limit = 20_000

  private let program: [FilterInstruction]

  init(_ program: [FilterInstruction]) { self.program = program }

  /// Some way that is not impossible ends with the packet let through.
  var passesSomething: Bool {
    var ways = [State(index: 0, accumulator: nil)]
    var steps = 0
    while var state = ways.popLast() {
      while state.index < program.count {
        steps += 1
        if steps > Self.limit { return true }
        let step = program[state.index]
        if step.code & 7 == 6 {
          if step.code == 0x06, step.constant == 0 { break }
          return true
        }
        guard step.code & 7 == 5, step.code != 0x05 else {
          state.run(step)
          continue
        }
        let (yes, no) = state.split(step)
        if let no { ways.append(no) }
        guard let yes else { break }
        state = yes
      }
    }
    return false
  }
}

extension FilterReach.State {
  /// An instruction that does not choose.
  fileprivate mutating func run(_ step: FilterInstruction) {
    index += 1
    switch step.code {
    case 0x05: index += Int(step.constant)
    case 0x20, 0x28, 0x30, 0x80:
      let source = FilterReach.Source(code: step.code, constant: step.constant)
      accumulator = source
      let widest: UInt64 = step.code == 0x30 ? 0xff : step.code == 0x28 ? 0xffff : 0xffff_ffff
      bounds = known[source] ?? FilterReach.Bounds(low: 0, high: widest)
    case 0x40, 0x48, 0x50:
      // By an index, which may change: the width is all that is known.
      accumulator = nil
      bounds = .init(
        low: 0, high: step.code == 0x50 ? 0xff : step.code == 0x48 ? 0xffff : .max >> 32)
    case 0x54:
      accumulator = nil
      bounds = .init(low: 0, high: min(bounds.high, UInt64(step.constant)))
    case let code where code & 7 == 0 || code & 7 == 4 || code == 0x87:
      accumulator = nil
      bounds = .init()
    default: break
    }
  }

  /// Where it goes if the comparison holds, and where if not; nil for what cannot be.
  fileprivate func split(
    _ step: FilterInstruction
  ) -> (yes: FilterReach.State?, no: FilterReach.State?) {
    var (yes, no) = (self, self)
    yes.index += 1 + Int(step.skipIfTrue)
    no.index += 1 + Int(step.skipIfFalse)
    // Only comparisons with a constant say anything here.
    guard step.code & 0x08 == 0 else { return (yes, no) }
    let constant = UInt64(step.constant)
    switch step.code & 0xf0 {
    case 0x10:
      yes.narrow(to: .init(low: max(bounds.low, constant), high: min(bounds.high, constant)))
      if bounds.low == constant { no.narrow(to: .init(low: bounds.low + 1, high: bounds.high)) }
      if bounds.low != bounds.high, bounds.high == constant {
        no.narrow(to: .init(low: bounds.low, high: bounds.high - 1))
      }
    case 0x20:
      yes.narrow(to: .init(low: max(bounds.low, constant + 1), high: bounds.high))
      no.narrow(to: .init(low: bounds.low, high: min(bounds.high, constant)))
    case 0x30:
      yes.narrow(to: .init(low: max(bounds.low, constant), high: bounds.high))
      guard constant > 0 else { return (yes.bounds.isPossible ? yes : nil, nil) }
      no.narrow(to: .init(low: bounds.low, high: min(bounds.high, constant - 1)))
    default: break
    }
    return (yes.bounds.isPossible ? yes : nil, no.bounds.isPossible ? no : nil)
  }

  private mutating func narrow(to bounds: FilterReach.Bounds) {
    self.bounds = bounds
    if let accumulator { known[accumulator] = bounds }
  }
}

extension FilterProgram {
  /// Nothing can pass.
  public var matchesNothing: Bool { !FilterReach(instructions).passesSomething }
}
