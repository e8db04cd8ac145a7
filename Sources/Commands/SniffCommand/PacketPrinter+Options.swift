import HostNaming
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire

extension PacketPrinter {
  /// A printer as the options have it. `waitsForNames` lets a line wait a little for names.
  init(_ options: SniffOptions, _ names: HostNames, waitsForNames: Bool) {
    self.init(options.text)
    secondsEastOfUTC = { LocalTime.secondsEastOfUTC(at: $0) }
    hostName = { address in
      names.request(address)
      if waitsForNames { names.wait(for: address) }
      guard let name = names.name(of: address) else { return nil }
      return options.capture.hasShortNames ? String(name.prefix { $0 != "." }) : name
    }
    if options.capture.hasForeignNumbers { limitNames(to: LocalNetworks(options)) }
    interfaceName = options.interfaceNames
  }
}

extension SniffOptions {
  /// The names of this host's interfaces; a file may come from another host.
  var interfaceNames: ((UInt32) -> String?)? {
    guard readFile == nil, capture.fileList == nil else { return nil }
    var interfaces: [UInt32: String] = [:]
    for interface in (try? NetworkInterface.all()) ?? [] {
      interfaces[interface.index] = interface.name
    }
    return { interfaces[$0] }
  }
}
