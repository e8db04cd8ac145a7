public import CommandLineKit
import LineFormat
public import LinuxNet
public import NameResolution
public import PacketWire

/// Makes a list of targets from words of the command line and lines of files.
///
/// Names are looked up as they come, one after the other, which may take long: drop privileges first.
/// What cannot be found is reported, and the rest goes on; a list that is too long is an error.
public struct TargetReader {
  /// Looks a name up, or an address of any form, in one family or both; gives at least one address.
  public typealias Resolver = (String, IPFamily?) throws(ResolutionError) -> [Endpoint]

  /// What has been read.
  public private(set) var list = TargetList()
  /// How many names or lines could not be used.
  public private(set) var failures = 0

  private let family: IPFamily?
  private let takesAllAddresses: Bool
  private let resolve: Resolver
  private let report: (TargetFailure) -> Void

  /// A reader of an empty list.
  ///
  /// - Parameters:
  ///   - family: the only family that will do, if there is one.
  ///   - takesAllAddresses: every address of a name becomes a target, and not the first only.
  ///   - resolve: how names are looked up.
  ///   - report: is told of each name or line that cannot be used, as it is met.
  public init(
    family: IPFamily?, takesAllAddresses: Bool = false,
    resolve: @escaping Resolver = { host, family throws(ResolutionError) in
      try NameResolver.addresses(of: host, family: family)
    },
    report: @escaping (TargetFailure) -> Void
  ) {
    (self.family, self.takesAllAddresses) = (family, takesAllAddresses)
    (self.resolve, self.report) = (resolve, report)
  }

  /// Adds what one word of the command line names: a name, an address, a prefix or a range.
  public mutating func add(operand: String) throws(UsageError) {
    let word: TargetWord
    do throws(TargetWord.Problem) {
      word = try TargetWord(operand)
    } catch {
      throw UsageError("target \(UsageError.quoted(operand)): expected \(error.expected)")
    }
    try add(word, operand, at: nil)
  }

  private mutating func add(
    _ word: TargetWord, _ text: String, at place: TargetFailure.Place?
  ) throws(UsageError) {
    switch word {
    case .name:
      guard let endpoints = look(up: text, at: place) else { return }
      for endpoint in endpoints.prefix(takesAllAddresses ? endpoints.count : 1) {
        let isText = endpoint.addressText == text
        let target = ListedTarget(endpoint, typed: isText ? nil : text)
        guard list.append(target) else { throw Self.tooMany(text) }
      }
    case .address(let address):
      guard let endpoint = endpoint(address, scope: nil, at: place) else { return }
      let isAdded =
        endpoint.addressText == text
        ? list.append(endpoint) : list.append(ListedTarget(endpoint, typed: text))
      guard isAdded else { throw Self.tooMany(text) }
    case .addresses(let first, let count, let scope):
      guard let endpoint = endpoint(first, scope: scope, at: place) else { return }
      let number = Int(clamping: count)
      guard list.append(endpoint, count: number) else { throw Self.tooMany(text, number) }
    }
  }

  /// The resolver knows the numbers of interfaces, and the words for a wrong family.
  private mutating func endpoint(
    _ address: IPAddress, scope: String?, at place: TargetFailure.Place?
  ) -> Endpoint? {
    guard scope != nil || family != nil && family != address.family else {
      return Endpoint(address)
    }
    return look(up: "\(address)" + (scope.map { "%" + $0 } ?? ""), at: place)?.first
  }

  private mutating func look(up host: String, at place: TargetFailure.Place?) -> [Endpoint]? {
    do throws(ResolutionError) {
      return try resolve(host, family)
    } catch {
      fail(.unresolved(error, at: place))
      return nil
    }
  }

  private mutating func fail(_ failure: TargetFailure) {
    failures += 1
    report(failure)
  }

  private static func tooMany(_ text: String, _ count: Int = 1) -> UsageError {
    let reason = count == 1 ? "is one target too many" : "means \(count) targets"
    return UsageError(
      """
      \(UsageError.quoted(text)) \(reason), and a run has room for \(TargetList.maximumCount): \
      name a longer prefix, or make several runs
      """)
  }
}

extension TargetReader {
  /// The longest line of a file, in octets.
  static let longestLine = 65_536

  /// Adds what whole lines name: the first word of each, up to a blank or a `#`. As in fping, what
  /// stands behind it is for people.
  ///
  /// - Parameters:
  ///   - octets: lines, the last of which may lack its end.
  ///   - line: the number of the first of them, and behind the call that of the next one.
  ///   - source: what errors call the text.
  /// - Throws: if these are more targets than a list can hold.
  mutating func add(
    lines octets: Span<UInt8>, from line: inout Int, named source: String
  ) throws(UsageError) {
    var position = 0
    while position < octets.count {
      let start = position
      while position < octets.count, octets[position].isBlank { position += 1 }
      let word = position
      while position < octets.count, !octets[position].endsWord { position += 1 }
      if position > word {
        let text = octets.extracting(word..<position)
        // What long lists are made of, without a String.
        if family != .v6, let address = IPv4Address(utf8: text) {
          guard list.append(Endpoint(.v4(address))) else { throw Self.tooMany("\(address)") }
        } else {
          let place = TargetFailure.Place(source: source, line: line, column: word - start + 1)
          try add(String(decoding: Array(copying: text), as: UTF8.self), at: place)
        }
      }
      while position < octets.count, octets[position] != 0x0a { position += 1 }
      position += 1
      line += 1
    }
  }

  private mutating func add(
    _ text: String, at place: TargetFailure.Place
  ) throws(UsageError) {
    let word: TargetWord
    do throws(TargetWord.Problem) {
      word = try TargetWord(text)
    } catch {
      let found = "\"\(text.dropFirst(error.offset))\""
      return fail(
        .malformed(
          LineError(
            source: place.source, line: place.line, column: place.column + error.offset,
            expected: error.expected, found: found)))
    }
    try add(word, text, at: place)
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0d }
  /// A blank, the end of the line or a comment.
  fileprivate var endsWord: Bool { isBlank || self == 0x0a || self == 0x23 }
}
