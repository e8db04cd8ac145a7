public import PacketWire

/// Who runs an address: which autonomous systems announce the block that it is in.
public struct AddressOrigin: Hashable, Sendable {
  /// The numbers of the autonomous systems (RFC 6793); several where several announce the block.
  public var numbers: [UInt32]
  /// The block that holds the address.
  public var block: AddressBlock
  /// The name of the first system. It comes from a file or the network, and is to be made safe before
  /// it is printed.
  public var name: String?
  /// Two capital letters (ISO 3166-1), as who knows the origin has them: mostly the country where the
  /// system is registered, and not where the address is.
  public var country: String?

  /// So many systems are kept for one block.
  public static let maximumNumbers = 16

  /// An origin from its parts.
  public init(
    numbers: [UInt32], block: AddressBlock, name: String? = nil, country: String? = nil
  ) {
    (self.numbers, self.block) = (numbers, block)
    (self.name, self.country) = (name, country)
  }
}

/// Addresses of one family from one to another.
public struct AddressBlock: Hashable, Sendable {
  /// The first one.
  public let first: IPAddress
  /// The last one.
  public let last: IPAddress

  /// A block; `nil` if `last` is before `first` or of the other family.
  public init?(_ first: IPAddress, through last: IPAddress) {
    guard first.family == last.family, first <= last else { return nil }
    (self.first, self.last) = (first, last)
  }

  /// The addresses of a network.
  public init(_ prefix: IPPrefix) { (first, last) = (prefix.first, prefix.last) }

  /// The address is one of the block's.
  public func contains(_ address: IPAddress) -> Bool {
    address.family == first.family && first <= address && address <= last
  }

  /// The block as a network, if it is exactly one.
  public var prefix: IPPrefix? {
    let zeros: Int
    switch (first, last) {
    case (.v4(let first), .v4(let last)): zeros = (first.bits ^ last.bits).leadingZeroBitCount
    case (.v6(let first), .v6(let last)): zeros = (first.bits ^ last.bits).leadingZeroBitCount
    default: return nil
    }
    let prefix = IPPrefix(first, length: UInt8(clamping: zeros))
    return prefix.first == first && prefix.last == last ? prefix : nil
  }
}

extension AddressBlock: CustomStringConvertible {
  /// "192.0.2.0/24", or "192.0.2.0-192.0.3.7" where no prefix says it.
  public var description: String { prefix?.description ?? "\(first)-\(last)" }
}
