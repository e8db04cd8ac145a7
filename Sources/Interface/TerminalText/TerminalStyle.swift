public import PacketText

/// What a piece of text is, so that it can be shown in a colour. Colour only ever repeats what the
/// words say.
public enum TextRole: Hashable, Sendable, CaseIterable {
  case emphasis
  case dim
  case heading
  case good
  case warning
  case bad
  case link
  case network
  case transport
  case application

  /// The parameters of the SGR control sequence (ECMA-48 §8.3.117), from the sixteen colours that the
  /// user's own palette defines.
  var selectGraphicRendition: String {
    switch self {
    case .emphasis: "1"
    case .dim: "2"
    case .heading: "1;4"
    case .good: "32"
    case .warning: "33"
    case .bad: "1;31"
    case .link: "35"
    case .network: "36"
    case .transport: "94"
    case .application: "92"
    }
  }
}

/// Whether text has colours. Plain text holds no control sequence at all.
public enum TerminalStyle: Hashable, Sendable {
  case plain
  case coloured

  /// `text`, which is safe and has no style yet, as one of its kind.
  public func styled(_ text: String, as role: TextRole) -> String {
    guard self == .coloured, !text.isEmpty else { return text }
    return "\u{1b}[\(role.selectGraphicRendition)m\(text)\u{1b}[0m"
  }
}

extension TextBuffer {
  /// Begins text of one kind; `endRole(_:)` ends it. Kinds do not nest.
  public mutating func beginRole(_ role: TextRole, _ style: TerminalStyle) {
    guard style == .coloured else { return }
    append("\u{1b}[")
    append(role.selectGraphicRendition)
    append("m")
  }

  /// Ends what `beginRole(_:_:)` began.
  public mutating func endRole(_ style: TerminalStyle) {
    if style == .coloured { append("\u{1b}[0m") }
  }

  /// Appends `text`, which is safe, as one of its kind.
  public mutating func append(_ text: String, as role: TextRole, _ style: TerminalStyle) {
    beginRole(role, style)
    append(text)
    endRole(style)
  }
}
