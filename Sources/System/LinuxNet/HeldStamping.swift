import Glibc
public import LinuxSystem

/// A card's stamps that are switched on for a while: what was set before is put back, unless somebody
/// else has set something in between.
///
/// A class, since the process that holds it is asked through one closure and ends through another.
public final class HeldStamping {
  private var card: (any StampingCard)?
  private var before = CardStamping.off
  private var taken = CardStamping.off

  /// Nothing is switched on yet.
  public init() {}

  /// Switches on what is off, as `CardStamping.plan` has it.
  ///
  /// - Throws: why that cannot be; EBUSY if somebody else has set something, ERANGE if the driver stamps
  ///   less than it was asked to.
  public func switchOn(_ card: CardStamper) throws(SystemError) {
    try switchOn(card as any StampingCard)
  }

  func switchOn(_ card: any StampingCard) throws(SystemError) {
    before = try card.setting()
    switch before.plan(try card.abilities()) {
    case .use: return
    case .change(let wanted):
      taken = try card.set(wanted)
      self.card = card
      guard taken.stampsAll else {
        putBack()
        throw CardStamper.failure(ERANGE, on: card.interface)
      }
    case .unable, .onlySome, .inUse: throw CardStamper.failure(EBUSY, on: card.interface)
    }
  }

  /// Puts back what was set before; what somebody else has set since stays.
  public func putBack() {
    guard let card else { return }
    self.card = nil
    guard (try? card.setting()) == taken else { return }
    // Nobody is left who could be told.
    _ = try? card.set(before)
  }
}
