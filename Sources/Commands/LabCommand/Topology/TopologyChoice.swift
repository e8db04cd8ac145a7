import LinuxSystem
import SimulatedInternet

/// A topology as it is asked for on the command line: one of the gallery by its name, or a file.
struct TopologyChoice {
  /// What it is called in messages.
  let name: String
  /// The lab file.
  let text: String
  /// What the lab file describes.
  let topology: Topology
  /// The gallery's entry, if it is of the gallery.
  let entry: TopologyGallery.Entry?

  /// A name of the gallery goes before a file of that name, which is reached as `./NAME`.
  init(_ word: String) throws(LabFileError) {
    name = word
    entry = TopologyGallery.entry(named: word)
    do {
      text = try entry?.text ?? String(decoding: readFile(word), as: UTF8.self)
      topology = try Topology(parsing: text, named: word)
    } catch {
      let isName = (error as? SystemError)?.isNotFound ?? false && !word.contains("/")
      throw LabFileError(
        cause: "\(error)" + (isName ? "; lab-swift topologies lists the labs with a name" : ""))
    }
  }
}
