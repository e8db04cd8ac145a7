/// Which probe a transmit stamp belongs to: the kernel counts a socket's messages and nothing else.
public struct TransmitLedger: Sendable {
  private static let capacity = 1024

  private var numbers: [UInt64] = []
  private var count: UInt64 = 0
  private var isTrusted = true

  /// A ledger for a socket that has sent nothing since its stamps were switched on.
  public init() {}

  /// The socket has taken probe `number`.
  public mutating func sent(_ number: UInt64) {
    if numbers.count < Self.capacity {
      numbers.append(number)
    } else {
      numbers[Int(count % UInt64(Self.capacity))] = number
    }
    count += 1
  }

  /// A send has failed. Kernels before 6.13 may have counted it or not, so that no later stamp can
  /// be told from its neighbour's: from here on the program's own clock measures.
  public mutating func failed() { isTrusted = false }

  /// The probe that the kernel counted as `counter`; `nil` when that cannot be said.
  public func number(for counter: UInt32) -> UInt64? {
    let behind = UInt32(truncatingIfNeeded: count) &- counter
    guard isTrusted, behind >= 1, UInt64(behind) <= min(count, UInt64(Self.capacity)) else {
      return nil
    }
    return numbers[Int((count - UInt64(behind)) % UInt64(Self.capacity))]
  }
}
