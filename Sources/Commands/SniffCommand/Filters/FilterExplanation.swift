import CommandLineKit
import LinuxSystem
import LiveCapture
import PacketText
import PacketWire
import TerminalText

extension SniffCommand {
  /// Says what a filter means, and with `-d` what each instruction of it does.
  static func explainFilter(_ options: SniffOptions, _ filter: PacketFilter) throws -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    guard !filter.isEmpty else {
      output.text.append("There is no filter: every packet passes.")
      output.endLine()
      output.flush()
      return finish(output.failure)
    }
    let (program, linkType) = try compiled(options, filter)
    output.text.append("These packets pass:")
    output.endLine()
    let lines =
      FilterTree(filter.expression)?.lines()
      ?? ["  what libpcap takes '\(filter.expression)' for (pcap-filter(7))"]
    for line in lines {
      output.text.append(SafeText.printable(line))
      output.endLine()
    }
    for note in notes(filter, program, linkType) {
      output.text.append(note)
      output.endLine()
    }
    if options.capture.dumpCount > 0 {
      output.endLine()
      append(program, linkType, to: &output)
    }
    output.flush()
    return finish(output.failure)
  }

  private static func notes(
    _ filter: PacketFilter, _ program: FilterProgram, _ linkType: LinkType
  ) -> [String] {
    var notes: [String] = []
    if !filter.looksThroughTags {
      notes.append(
        PacketFilter.namesTags(filter.expression)
          ? "It speaks of tags or of octets of the frame, and stands as it is: VLAN tags are not "
            + "looked through."
          : "VLAN tags are not looked through (--exact-filter).")
    } else if [.ethernet, .linuxSLL, .linuxSLL2].contains(linkType) {
      notes.append(
        filter.movesBehindTags(linkType)
          ? "Frames with one or two VLAN tags pass by what is behind the tags."
          : "Whether a frame has VLAN tags makes no difference to it.")
    }
    if FilterWords.split(filter.expression).filter({ $0.lowercased() == "vlan" }).count > 1 {
      notes.append("The second 'vlan' is about a tag behind the first one, also behind 'or'.")
    }
    if program.matchesNothing { notes.append("No packet can be all that: nothing will pass.") }
    return notes
  }

  private static func append(
    _ program: FilterProgram, _ linkType: LinkType, to output: inout LineOutput
  ) {
    let comments = FilterCommentary(program, linkType: linkType).comments
    for (index, comment) in comments.enumerated() {
      let start = output.text.count
      // libpcap has a tab between its two targets.
      output.text.append(program.image(at: index).split(separator: "\t").joined(separator: "  "))
      output.text.padRight(from: start, to: 48)
      output.text.append("; ")
      output.text.append(comment)
      output.endLine()
    }
  }
}
