extension TextBuffer {
  /// Appends a cell of a table as RFC 4180 §2 has it: in quotation marks where it holds one, or a comma.
  /// Controls, and so ends of lines, are escaped as in lines of text.
  public mutating func append(cell: String) {
    let safe = SafeText.escaped(cell)
    guard safe.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c }) else { return append(safe) }
    append("\"")
    for octet in safe.utf8 {
      if octet == 0x22 { append("\"") }
      append(octet: octet)
    }
    append("\"")
  }
}
