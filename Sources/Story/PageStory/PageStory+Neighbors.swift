import FlowAnalysis
import PacketWire

extension PageStory {
  func arp(_ arp: ARPFacts, _ facts: PacketFacts) -> Passage {
    let packet = arp.packet
    let (sender, target) = (packet.senderAddress, packet.targetAddress)
    var sentence = Sentence()
    switch arp.role {
    case .request(let before):
      sentence.add("\(sender) asks everyone on this link: who has \(target)?")
      if let before {
        sentence.add(" It asks again, for \(sentence.refer(before)) has no answer")
        sentence.add(Words.after(before, facts.mark) + ".")
      }
    case .reply(let request):
      if let request {
        sentence.add("\(sender) answers \(sentence.refer(request))")
        sentence.add(Words.after(request, facts.mark) + ": it")
      } else {
        sentence.add("\(sender) tells \(target) that it")
      }
      sentence.add(" is at link address \(packet.senderMAC), where frames for it must go.")
    case .probe:
      sentence.add(
        "\(packet.senderMAC) asks whether anyone has the address \(target), which it wants for itself."
      )
    case .announcement:
      sentence.add("\(sender) tells everyone that it is at link address \(packet.senderMAC).")
    case .other:
      sentence.add("An ARP message of kind \(packet.operation.rawValue) from \(sender).")
    }
    return Passage(.dataLink, "ARP", .linkAddress, sentence)
  }

  func neighbor(_ neighbor: NeighborFacts, _ facts: PacketFacts) -> Passage {
    let sender = facts.source.map { "\($0.address)" } ?? "Someone"
    let place = neighbor.linkAddress.map { " at link address \($0)" } ?? ""
    var sentence = Sentence()
    switch neighbor.role {
    case .solicitation(let target, let before):
      sentence.add("\(sender) asks its neighbours on this link: who has \(target)?")
      if let before {
        sentence.add(" It asks again, for \(sentence.refer(before)) has no answer")
        sentence.add(Words.after(before, facts.mark) + ".")
      }
    case .duplicateAddressDetection(let target):
      sentence.add(
        "A host asks whether anyone has the address \(target), which it wants for itself.")
    case .advertisement(let target, let request):
      if let request {
        sentence.add("\(target) answers \(sentence.refer(request))")
        sentence.add(Words.after(request, facts.mark) + ": it is here\(place).")
      } else {
        sentence.add("\(sender) tells its neighbours that \(target) is here\(place).")
      }
    case .routerSolicitation:
      sentence.add("\(sender) asks which routers are on this link.")
    case .routerAdvertisement(let lifetime, let request):
      sentence.add("\(sender) says that it is a router of this link")
      if let request { sentence.add(", in answer to \(sentence.refer(request))") }
      sentence.add(
        lifetime > 0
          ? ", and may be used as the way out for \(lifetime) s." : ", but not the way out of it.")
    }
    return Passage(.network, "NDP", .linkAddress, sentence)
  }
}
