import LinuxSystem
import Testing

/// The programs that read the files that are written.
enum CapturePeers {
  static let areHere =
    (try? CommandResult(
      of: "command -v tshark capinfos tcpdump > /dev/null && tshark -v", named: "peers"
    ))?.exit == .exited(0)
}

/// What tshark, capinfos and tcpdump read of the files that sniff-swift writes.
@Suite(
  "Written captures beside tshark, capinfos and tcpdump",
  .enabled(
    if: CapturePeers.areHere, "tshark, capinfos or tcpdump is not installed here"))
struct WrittenCaptureTests {
  /// Runs a line with `$f` as the name of a file to be written, which is taken away afterwards.
  private func run(_ line: String, named name: String) throws -> String {
    let result = try CommandResult(
      of: "f=$(mktemp --suffix .pcapng); \(line); c=$?; rm $f; exit $c", named: name)
    #expect(result.exit == .exited(0))
    return result.output
  }

  private static let fields =
    "-c 8 -T fields -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len "
    + "-e frame.encap_type -e frame.interface_name -e frame.interface_description "
    + "-e frame.comment -e frame.packet_flags -e frame.md5_hash -o frame.generate_md5_hash:TRUE"

  @Test("tshark reads the same of the copy", arguments: ["mixed.pcapng", "page.pcap"])
  func tshark(file: String) throws {
    // A pcap file has no interfaces that tshark could name.
    // The ninth is a custom block, which tshark shows as a frame; it is not copied.
    let fields =
      file.hasSuffix(".pcap")
      ? Self.fields.replacing("-e frame.interface_name ", with: "") : Self.fields
    let theirs = try run(
      "tshark -n -r \(file) \(fields) 2> /dev/null", named: "tshark-original-\(file)")
    let ours = try run(
      "sniff-swift -r \(file) -w $f && tshark -n -r $f \(fields) 2> /dev/null",
      named: "tshark-copy-\(file)")
    #expect(ours == theirs)
    #expect(theirs.split(separator: "\n").count > 7)
    #expect(theirs.contains("look here") == file.hasSuffix(".pcapng"))
  }

  @Test("capinfos finds interfaces, names, secrets, statistics and comments")
  func capinfos() throws {
    let report = try run("sniff-swift -r mixed.pcapng -w $f && capinfos $f", named: "capinfos")
    let lines = report.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    let expected = [
      "Number of packets: 8", "Capture oper-sys: Fixture OS",
      "Capture application: sniff-swift", "Capture comment: the start of a page",
      "Number of interfaces in file: 2", "Name = eth0", "Description = the cable", "Name = tun0",
      "Filter string = ip", "Number of stat entries = 1", "Time precision = nanoseconds (9)",
      "Number of resolved IPv4 addresses in file: 1", "Number of decryption secrets in file: 1",
    ]
    for line in expected { #expect(lines.contains(line), "\(line)") }
  }

  @Test("tcpdump prints the same of the copy")
  func tcpdump() throws {
    let options = "-nn -tttt -e --nano"
    let theirs = try run("tcpdump \(options) -r page.pcap 2> /dev/null", named: "tcpdump-original")
    let ours = try run(
      "sniff-swift -r page.pcap -w $f && tcpdump \(options) -r $f 2> /dev/null",
      named: "tcpdump-copy")
    #expect(ours == theirs)
    #expect(theirs.split(separator: "\n").count > 7)
  }
}
