extension TextBuffer {
  /// Appends a cell of a table as RFC 4180 §2 has it: in quotation marks where it holds one, or a comma.
  ///
  /// - Parameter cell: safe text (`SafeText`), which has no ends of lines.
  public mutating func append(cell: String) {
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c }) else { return append(cell) }
    append("\"")
    for octet in cell.utf8 {
      if octet == 0x22 { append("\"") }
      append(octet: octet)
    }
    append("\"")
  }
}
