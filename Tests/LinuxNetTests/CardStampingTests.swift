import CLinux
import Glibc
import LinuxSystem
import Testing

@testable import LinuxNet

@Suite("Cards that stamp packets")
struct CardStampingTests {
  static let able = CardAbilities(
    stamps: UInt32(
      SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE),
    transmit: 0b11, receive: 0b11)

  @Test("the kernel's structures are laid out as its headers say")
  func layout() {
    #expect(MemoryLayout<hwtstamp_config>.size == 12)
    #expect(MemoryLayout<hwtstamp_config>.offset(of: \.tx_type) == 4)
    #expect(MemoryLayout<hwtstamp_config>.offset(of: \.rx_filter) == 8)
    #expect(MemoryLayout<ethtool_ts_info>.size == 44)
    #expect(MemoryLayout<ethtool_ts_info>.offset(of: \.so_timestamping) == 4)
    #expect(MemoryLayout<ethtool_ts_info>.offset(of: \.tx_types) == 12)
    #expect(MemoryLayout<ethtool_ts_info>.offset(of: \.rx_filters) == 28)
    #expect(SIOCETHTOOL == 0x8946 && SIOCSHWTSTAMP == 0x89b0 && SIOCGHWTSTAMP == 0x89b1)
    #expect(ETHTOOL_GET_TS_INFO == 0x41)
    // What `CardStamping` has as plain numbers.
    #expect(HWTSTAMP_TX_OFF.rawValue == CardStamping.off.transmit)
    #expect(HWTSTAMP_TX_ON.rawValue == CardStamping.all.transmit)
    #expect(HWTSTAMP_FILTER_NONE.rawValue == CardStamping.off.receive)
    #expect(HWTSTAMP_FILTER_ALL.rawValue == CardStamping.all.receive)
  }

  @Test("a setting is what the structure says, flags included")
  func settings() {
    var setting = CardStamping(transmit: 2, receive: 12)
    setting.flags = 1
    let configuration = hwtstamp_config(setting)
    #expect(configuration.flags == 1 && configuration.tx_type == 2)
    #expect(configuration.rx_filter == 12 && CardStamping(configuration) == setting)
  }

  @Test(
    "only what is off is switched on",
    arguments: [
      (0, 0, .change(.all)), (1, 1, .use), (2, 1, .use), (0, 1, .change(.all)), (1, 0, .inUse),
      (1, 12, .inUse), (0, 12, .inUse), (2, 0, .inUse),
    ] as [(UInt32, UInt32, CardStamping.Plan)])
  func plans(transmit: UInt32, receive: UInt32, expected: CardStamping.Plan) {
    #expect(CardStamping(transmit: transmit, receive: receive).plan(Self.able) == expected)
  }

  @Test("what a card cannot do is known before anything is changed")
  func abilities() {
    for bit in [
      SOF_TIMESTAMPING_TX_HARDWARE, SOF_TIMESTAMPING_RX_HARDWARE, SOF_TIMESTAMPING_RAW_HARDWARE,
    ] {
      var less = Self.able
      less.stamps &= ~UInt32(bit)
      #expect(CardStamping.off.plan(less) == .unable)
    }
    var less = Self.able
    less.transmit = 1
    #expect(CardStamping.off.plan(less) == .unable)
    less = Self.able
    less.receive = 1 | 1 << 12
    #expect(CardStamping.off.plan(less) == .onlySome)
    #expect(CardStamping(transmit: 1, receive: 12).plan(less) == .onlySome)
    // Whoever set it has found out that it can.
    #expect(CardStamping.all.plan(less) == .use)
  }

  /// A driver in memory.
  private final class Card: StampingCard {
    let interface = "eth9"
    var now: CardStamping
    var answer: CardStamping?
    var failure: CInt?
    var sets: [CardStamping] = []

    init(_ now: CardStamping) { self.now = now }

    func abilities() throws(SystemError) -> CardAbilities { CardStampingTests.able }
    func setting() throws(SystemError) -> CardStamping { now }
    func set(_ setting: CardStamping) throws(SystemError) -> CardStamping {
      if let failure { throw CardStamper.failure(failure, on: interface) }
      sets.append(setting)
      now = sets.count == 1 ? answer ?? setting : setting
      return now
    }
  }

  @Test("what was set is put back, once")
  func putBack() throws {
    for before in [CardStamping.off, CardStamping(transmit: 0, receive: 1)] {
      let card = Card(before)
      let held = HeldStamping()
      try held.switchOn(card)
      #expect(card.now == .all)
      held.putBack()
      held.putBack()
      #expect(card.sets == [.all, before] && card.now == before)
    }
  }

  @Test("what another program sets is left alone, before and behind")
  func others() throws {
    let used = Card(.all)
    let held = HeldStamping()
    try held.switchOn(used)
    held.putBack()
    #expect(used.sets.isEmpty)
    let taken = Card(CardStamping(transmit: 1, receive: 12))
    let refused = #expect(throws: SystemError.self) { try HeldStamping().switchOn(taken) }
    #expect(refused?.errorNumber == EBUSY && taken.sets.isEmpty)
    let changed = Card(.off)
    let later = HeldStamping()
    try later.switchOn(changed)
    changed.now = CardStamping(transmit: 1, receive: 12)
    later.putBack()
    #expect(changed.sets == [.all] && changed.now.receive == 12)
  }

  @Test("a driver that refuses, or stamps less than it was asked to, leaves nothing changed")
  func failures() {
    let card = Card(.off)
    card.failure = EPERM
    let held = HeldStamping()
    let refused = #expect(throws: SystemError.self) { try held.switchOn(card) }
    held.putBack()
    #expect(card.sets.isEmpty)
    #expect(
      refused?.description
        == "cannot switch on the hardware stamps of eth9: Operation not permitted; run as root")
    let less = Card(.off)
    less.answer = CardStamping(transmit: 1, receive: 2)
    let short = #expect(throws: SystemError.self) { try HeldStamping().switchOn(less) }
    #expect(short?.errorNumber == ERANGE && less.sets == [.all, .off] && less.now == .off)
  }

  @Test("loopback has no such stamps, says the kernel")
  func loopback() throws {
    let card = try CardStamper("lo")
    let abilities = try card.abilities()
    #expect(!abilities.stampsBothWays && !abilities.stampsAllReceived)
    // Its driver says that it stamps in software, which shows that the answer is where it should be.
    #expect(abilities.stamps & UInt32(SOF_TIMESTAMPING_RX_SOFTWARE) > 0)
    let error = #expect(throws: SystemError.self) { try card.setting() }
    #expect(error?.errorNumber == EOPNOTSUPP)
  }

  @Test("an interface that is not there, and a name that cannot be one")
  func names() throws {
    for (name, number) in [("ww-none", ENODEV), ("an-interface-name", ENAMETOOLONG)] {
      let error = #expect(throws: SystemError.self) { try CardStamper(name).abilities() }
      #expect(error?.errorNumber == number && error?.object == name)
    }
  }
}
