public import LinuxNet
import LinuxSystem

/// The stamps of a network card while a session runs.
///
/// Where somebody else has the card stamp all packets, as a PTP daemon may, they are used as they are.
/// Where nobody stamps, a helper process that keeps the right to do so switches them on, and puts back
/// what was there when this value goes or the program dies of whatever.
public struct HardwareStamps: ~Copyable {
  private let helper: HelperProcess?

  /// Sees to it that the card of an interface stamps all packets. To be called before rights are given up.
  public init(_ interface: String) throws {
    let card = try CardStamper(interface)
    let abilities = try card.abilities()
    // A driver that can do nothing may know no setting either.
    let setting = abilities.stampsBothWays ? try card.setting() : .off
    switch setting.plan(abilities) {
    case .use: helper = nil
    case .change: helper = try Self.helper(toSwitchOn: interface)
    case .unable: throw HardwareStampRefusal.unable(interface)
    case .onlySome: throw HardwareStampRefusal.onlySome(interface)
    case .inUse: throw HardwareStampRefusal.inUse(interface, setting)
    }
  }

  private static func helper(
    toSwitchOn interface: String
  ) throws(SystemError) -> HelperProcess {
    let held = HeldStamping()
    let helper = try HelperProcess(named: "hardware-stamps", atEnd: { held.putBack() }) { _ in
      // Whoever ends the program by a signal may send it to all its processes.
      for signal in [Signal.hangUp, .interrupt, .quit, .terminate] { signal.ignore() }
      do throws(SystemError) {
        try held.switchOn(try CardStamper(interface))
        return HelperProcess.Answer([0])
      } catch {
        return HelperProcess.Answer([UInt8(clamping: error.errorNumber)])
      }
    }
    let answer = try helper.ask([1]).octets
    guard answer == [0] else {
      throw CardStamper.failure(answer.first.map { CInt($0) } ?? 0, on: interface)
    }
    return helper
  }
}

/// Why a card's stamps cannot be had.
public enum HardwareStampRefusal: Error, Hashable, Sendable {
  /// Its driver has none.
  case unable(String)
  /// It can stamp the packets of PTP, and no others.
  case onlySome(String)
  /// Somebody else has set something that would have to be changed.
  case inUse(String, CardStamping)
}

extension HardwareStampRefusal: CustomStringConvertible {
  /// As it is printed, with what to do about it.
  public var description: String {
    let cause =
      switch self {
      case .unable(let name):
        "\(name) has no hardware stamps of what it sends and receives, as `ethtool -T \(name)` shows"
      case .onlySome(let name):
        "\(name) can stamp the packets of PTP only, as `ethtool -T \(name)` shows"
      case .inUse(let name, let setting):
        "another program, such as ptp4l, has \(name) stamp what it needs itself (tx_type "
          + "\(setting.transmit), rx_filter \(setting.receive)), which is left as it is"
      }
    return "cannot use hardware stamps: \(cause); leave out --hardware-stamps"
  }
}
