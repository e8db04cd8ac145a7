internal import CLinux
import Glibc
public import LinuxSystem

/// How a network card's driver was told to stamp packets by the card's own clock.
///
/// The corresponding C structure is `struct hwtstamp_config`.
public struct CardStamping: Hashable, Sendable {
  /// Which packets that are sent, a number of `enum hwtstamp_tx_types`.
  public var transmit: UInt32
  /// Which packets that are received, a number of `enum hwtstamp_rx_filters`.
  public var receive: UInt32
  /// Bits of `enum hwtstamp_flags`.
  var flags: UInt32 = 0

  /// None at all: HWTSTAMP_TX_OFF and HWTSTAMP_FILTER_NONE.
  public static let off = CardStamping(transmit: 0, receive: 0)
  /// All that ask for it, and all that come: HWTSTAMP_TX_ON and HWTSTAMP_FILTER_ALL.
  public static let all = CardStamping(transmit: 1, receive: 1)

  /// Every packet is stamped, both ways. HWTSTAMP_TX_ONESTEP_… stamp whatever HWTSTAMP_TX_ON does.
  public var stampsAll: Bool {
    transmit != Self.off.transmit && receive == Self.all.receive
  }

  /// A setting by its numbers.
  public init(transmit: UInt32, receive: UInt32) {
    (self.transmit, self.receive) = (transmit, receive)
  }
}

/// What a card can stamp. The corresponding C structure is `struct ethtool_ts_info`.
public struct CardAbilities: Hashable, Sendable {
  /// Bits of SOF_TIMESTAMPING_….
  var stamps: UInt32
  /// A bit for each number of `enum hwtstamp_tx_types`.
  var transmit: UInt32
  /// A bit for each number of `enum hwtstamp_rx_filters`.
  var receive: UInt32

  /// It can stamp packets of some kind both ways.
  public var stampsBothWays: Bool {
    let needed =
      SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE
    return stamps & UInt32(needed) == UInt32(needed)
      && transmit & 1 << CardStamping.all.transmit > 0
  }

  /// It can stamp every packet that comes, and not those of PTP alone.
  public var stampsAllReceived: Bool { receive & 1 << CardStamping.all.receive > 0 }
}

extension CardStamping {
  /// What has to be done so that a card stamps all packets.
  public enum Plan: Hashable, Sendable {
    /// Nothing: it does.
    case use
    /// It has to be told so; nothing that was set is taken away.
    case change(CardStamping)
    /// Its driver knows no such stamps.
    case unable
    /// It can stamp the packets of PTP, and no others.
    case onlySome
    /// Somebody has set something else.
    case inUse
  }

  /// What follows from this setting of a card that can do so much. What somebody else has set is never
  /// changed, but only what was off.
  public func plan(_ abilities: CardAbilities) -> Plan {
    guard abilities.stampsBothWays else { return .unable }
    if stampsAll { return .use }
    guard abilities.stampsAllReceived else { return .onlySome }
    guard receive == Self.all.receive || self == .off else { return .inUse }
    return .change(.all)
  }
}

/// A card that can be asked, and told, what it stamps.
protocol StampingCard: AnyObject {
  var interface: String { get }
  func abilities() throws(SystemError) -> CardAbilities
  func setting() throws(SystemError) -> CardStamping
  func set(_ setting: CardStamping) throws(SystemError) -> CardStamping
}

/// The card of a network interface, as its driver tells. A class, so that tests can stand in for it.
public final class CardStamper: StampingCard {
  /// The interface's name.
  public let interface: String
  private let descriptor: Descriptor

  /// Opens what questions go through: any socket will do.
  public init(_ interface: String) throws(SystemError) {
    self.interface = interface
    descriptor = try .socket(
      family: AF_INET, type: CInt(SOCK_DGRAM.rawValue), operation: "open a UDP socket")
  }

  /// What the card can stamp; nothing if its driver has no answer.
  /// The corresponding C call is `ioctl(SIOCETHTOOL)` with ETHTOOL_GET_TS_INFO.
  public func abilities() throws(SystemError) -> CardAbilities {
    var information = ethtool_ts_info()
    information.cmd = UInt32(ETHTOOL_GET_TS_INFO)
    do throws(SystemError) {
      try request(SIOCETHTOOL, "ask what is stamped by", &information)
    } catch {
      guard error.errorNumber == EOPNOTSUPP else { throw error }
      return CardAbilities(stamps: 0, transmit: 0, receive: 0)
    }
    return CardAbilities(
      stamps: information.so_timestamping, transmit: information.tx_types,
      receive: information.rx_filters)
  }

  /// How the card was told to stamp. The corresponding C call is `ioctl(SIOCGHWTSTAMP)`.
  public func setting() throws(SystemError) -> CardStamping {
    var configuration = hwtstamp_config()
    try request(SIOCGHWTSTAMP, "read the hardware stamps of", &configuration)
    return CardStamping(configuration)
  }

  /// Tells the card how to stamp, and returns what its driver made of that. Needs CAP_NET_ADMIN.
  /// The corresponding C call is `ioctl(SIOCSHWTSTAMP)`.
  public func set(_ setting: CardStamping) throws(SystemError) -> CardStamping {
    var configuration = hwtstamp_config(setting)
    try request(SIOCSHWTSTAMP, Self.switchingOn, &configuration)
    return CardStamping(configuration)
  }

  private func request<Value: BitwiseCopyable>(
    _ number: CInt, _ operation: String, _ value: inout Value
  ) throws(SystemError) {
    let name = interface
    // IFNAMSIZ counts the NUL at the end.
    guard name.utf8.count < 16 else {
      throw SystemError(operation, on: name, errorNumber: ENAMETOOLONG)
    }
    _ = try systemCall(operation, on: name, remedy: Self.remedy) {
      // The kernel reads and writes one structure, of the kind that the number stands for.
      unsafe withUnsafeMutablePointer(to: &value) {
        unsafe clinux_interface_request(descriptor.rawValue, UInt(number), name, $0)
      }
    }
  }

  private static let switchingOn = "switch on the hardware stamps of"

  /// Why stamps could not be switched on, by another process's `errno`.
  public static func failure(_ errorNumber: CInt, on interface: String) -> SystemError {
    SystemError(
      switchingOn, on: interface, errorNumber: errorNumber, remedy: remedy(errorNumber))
  }

  private static func remedy(_ errorNumber: CInt) -> String? {
    switch errorNumber {
    case EPERM: "run as root"
    case ENODEV: "`ip link` lists the interfaces"
    case EOPNOTSUPP: "its driver does not tell what is set, so that it could not be put back"
    case EBUSY: "another program has just set other ones"
    case ERANGE: "its driver stamps some packets only"
    default: nil
    }
  }
}

extension CardStamping {
  init(_ configuration: hwtstamp_config) {
    transmit = UInt32(bitPattern: configuration.tx_type)
    receive = UInt32(bitPattern: configuration.rx_filter)
    flags = UInt32(bitPattern: configuration.flags)
  }
}

extension hwtstamp_config {
  init(_ setting: CardStamping) {
    self.init(
      flags: CInt(bitPattern: setting.flags), tx_type: CInt(bitPattern: setting.transmit),
      rx_filter: CInt(bitPattern: setting.receive))
  }
}
