/// The layers of the OSI reference model (ITU-T X.200).
///
/// A packet is told at the highest layer at which it says something new: an HTTP request is layer
/// 7, and the acknowledgment of its octets is layer 4. TLS stands at 6, for enciphering is the
/// presentation layer's work (X.800 §6.2); no protocol told here is purely one of layer 5.
public enum OSILayer: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case physical = 1
  case dataLink = 2
  case network = 3
  case transport = 4
  case session = 5
  case presentation = 6
  case application = 7

  /// The layer's name in plain words.
  public var name: String {
    switch self {
    case .physical: "physical"
    case .dataLink: "data link"
    case .network: "network"
    case .transport: "transport"
    case .session: "session"
    case .presentation: "presentation"
    case .application: "application"
    }
  }

  /// Nearer to the wire is less.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
