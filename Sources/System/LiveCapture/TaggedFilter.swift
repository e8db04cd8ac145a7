internal import LinuxNet
public import PacketWire

/// Where VLAN tags stand in the frames of a link type.
struct TagLayout: Hashable, Sendable {
  /// Octets before the EtherType.
  var type: UInt32
  /// Octets before what the EtherType is about; a tag stands at its start.
  var payload: UInt32

  /// EtherTypes that mean a tag: 802.1Q, 802.1ad, and what was used before that. libpcap's `vlan`
  /// knows the same.
  static let tags: [UInt32] = [0x8100, 0x88a8, 0x9100]

  /// Nil for link types that have no tags of this kind.
  init?(_ linkType: LinkType) {
    switch linkType {
    case .ethernet: (type, payload) = (12, 14)
    case .linuxSLL: (type, payload) = (14, 16)
    case .linuxSLL2: (type, payload) = (0, 20)
    default: return nil
    }
  }

  /// Where the octet at `offset` of an untagged frame is behind so many tags.
  func shifted(_ offset: UInt32, behind tags: UInt32) -> UInt32 {
    if offset == type { return tags == 0 ? type : payload + 4 * tags - 2 }
    // Negative numbers are the kernel's own data about the packet.
    return offset >= payload && offset < 1 << 31 ? offset + 4 * tags : offset
  }
}

extension FilterProgram {
  /// SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT: what the kernel keeps beside a packet is loaded from
  /// negative offsets.
  static let tagPresent: UInt32 = 0xffff_f000 + 48

  /// Instruction codes (the kernel's Documentation/networking/filter.rst).
  private enum Code {
    static let loadHalf: UInt16 = 0x28
    static let loadOctet: UInt16 = 0x30
    static let loadLength: UInt16 = 0x80
    static let add: UInt16 = 0x04
    static let jump: UInt16 = 0x05
    static let skipIfEqual: UInt16 = 0x15
  }

  /// The program looks at what is behind the link-layer header, and so at other octets in a frame with
  /// tags; false too where it has to be left as it is.
  func canMoveBehindTags(_ layout: TagLayout) -> Bool {
    var looksBehind = false
    for step in instructions where step.code & 7 < 2 {
      switch step.code & 0xe0 {
      case 0x20, 0xa0:
        if step.constant == layout.type
          || (step.constant >= layout.payload && step.constant < 1 << 31)
        {
          looksBehind = true
        }
      case 0x40:
        // An index that was computed from the start of the frame cannot be told from others.
        guard step.constant >= layout.payload, step.constant < 1 << 31 else { return false }
        looksBehind = true
      default: break
      }
    }
    return looksBehind
  }

  /// The same filter for frames with none, one or two VLAN tags; nil where tags change nothing or the
  /// program cannot be moved.
  ///
  /// The program is there three times, each behind as many tags, and what the frame begins with
  /// chooses. On a live capture the kernel has taken the outermost tag off and keeps it beside the
  /// packet (`isLive`), so that a frame is as long as before only with four octets more.
  public func behindTags(_ linkType: LinkType, isLive: Bool) -> FilterProgram? {
    guard let layout = TagLayout(linkType) else { return nil }
    let moves = canMoveBehindTags(layout)
    let measures = isLive && instructions.contains { $0.code == Code.loadLength }
    guard moves || measures else { return nil }
    let copies = moves ? (0...2).map { moved(behind: UInt32($0), layout) } : [instructions]
    guard measures else { return FilterProgram(Self.choice(of: copies, layout)) }
    let longer = copies.dropLast(moves ? 1 : 0).compactMap { Self.withTagLength($0) }
    guard longer.count == max(1, copies.count - 1) else { return nil }
    let plain = Self.choice(of: copies, layout)
    return FilterProgram(
      [
        FilterInstruction(code: Code.loadOctet, constant: Self.tagPresent),
        FilterInstruction(code: Code.skipIfEqual, skipIfTrue: 0, skipIfFalse: 1, constant: 0),
        FilterInstruction(code: Code.jump, constant: 1),
        FilterInstruction(code: Code.jump, constant: UInt32(plain.count)),
      ] + plain + Self.choice(of: longer, layout))
  }

  private func moved(behind tags: UInt32, _ layout: TagLayout) -> [FilterInstruction] {
    instructions.map { step in
      let isLoad = step.code & 7 < 2 && [0x20, 0x40, 0xa0].contains(step.code & 0xe0)
      guard isLoad else { return step }
      var step = step
      step.constant = layout.shifted(step.constant, behind: tags)
      return step
    }
  }

  /// Goes to the copy for as many tags as the frame has; the last one is for that many and more.
  private static func choice(
    of copies: [[FilterInstruction]], _ layout: TagLayout
  ) -> [FilterInstruction] {
    guard copies.count > 1 else { return copies.first ?? [] }
    // Each question: load a type, three comparisons, and a jump past this copy if one holds.
    var program: [FilterInstruction] = []
    for (tags, copy) in copies.dropLast().enumerated() {
      program.append(
        FilterInstruction(
          code: Code.loadHalf, constant: layout.shifted(layout.type, behind: UInt32(tags))))
      program += [
        .skip(ifEqual: TagLayout.tags[0], 2, otherwise: 0),
        .skip(ifEqual: TagLayout.tags[1], 1, otherwise: 0),
        .skip(ifEqual: TagLayout.tags[2], 0, otherwise: 1),
        FilterInstruction(code: Code.jump, constant: UInt32(copy.count)),
      ]
      program += copy
    }
    return program + (copies.last ?? [])
  }

  /// The same with four octets added to each length of the packet; nil where a jump cannot be as far.
  private static func withTagLength(_ program: [FilterInstruction]) -> [FilterInstruction]? {
    var places = [0]
    for step in program {
      places.append((places.last ?? 0) + (step.code == Code.loadLength ? 2 : 1))
    }
    var result: [FilterInstruction] = []
    for (index, step) in program.enumerated() {
      var step = step
      if step.code == Code.jump {
        let target = index + 1 + Int(step.constant)
        guard target < places.count else { return nil }
        step.constant = UInt32(places[target] - places[index] - 1)
      } else if step.code & 7 == 5 {
        let targets = [index + 1 + Int(step.skipIfTrue), index + 1 + Int(step.skipIfFalse)]
        guard targets.allSatisfy({ $0 < places.count }) else { return nil }
        let skips = targets.map { places[$0] - places[index] - 1 }
        guard skips.allSatisfy({ $0 < 256 }) else { return nil }
        (step.skipIfTrue, step.skipIfFalse) = (UInt8(skips[0]), UInt8(skips[1]))
      }
      result.append(step)
      if step.code == Code.loadLength {
        result.append(FilterInstruction(code: Code.add, constant: 4))
      }
    }
    return result
  }
}
