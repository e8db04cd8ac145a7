extension OptionOctets {
  /// The options of a TCP header in this order, with zeros (end of option list) behind them up to a
  /// multiple of four; nil where the options take more than `capacity`, or a value stands outside
  /// `source`.
  ///
  /// - Parameters:
  ///   - options: what a header is to say.
  ///   - source: the option octets in which the values of `other` options stand. With those of a header
  ///     whose options were read, changed and are to be written again, nothing that was not understood
  ///     is lost.
  public init?(_ options: [TCPOption], valuesIn source: OptionOctets = OptionOctets()) {
    var octets: [UInt8] = []
    for option in options {
      guard let all = option.octets(in: source) else { return nil }
      octets += all
    }
    self.init(padding: octets)
  }
}

extension TCPOption {
  /// Kind, length and value as they are written; nil for a value that stands outside `source`.
  fileprivate func octets(in source: OptionOctets) -> [UInt8]? {
    switch self {
    case .endOfList: return [0]
    case .noOperation: return [1]
    case .maximumSegmentSize(let size): return Self.octets(2, 2) { $0.append(bigEndian: size) }
    case .windowScale(let shift): return [3, 3, shift]
    case .sackPermitted: return [4, 2]
    case .sack(let blocks):
      return Self.octets(5, 8 * blocks.count) { out in
        for index in 0..<blocks.count {
          out.append(bigEndian: blocks[index].left)
          out.append(bigEndian: blocks[index].right)
        }
      }
    case .timestamps(let value, let echoReply):
      return Self.octets(8, 8) { out in
        out.append(bigEndian: value)
        out.append(bigEndian: echoReply)
      }
    case .other(let kind, let value):
      guard value.lowerBound >= 0, value.upperBound <= source.count else { return nil }
      return Self.octets(kind, value.count) { $0.append(copying: source.span.extracting(value)) }
    }
  }

  private static func octets(
    _ kind: UInt8, _ valueLength: Int, _ value: (inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    [UInt8](capacity: 2 + valueLength) { out in
      out.append(kind)
      out.append(UInt8(2 + valueLength))
      value(&out)
    }
  }
}
