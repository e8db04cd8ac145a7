extension RouteTable {
  /// The columns for which there is room, in the order in which they stand.
  func chosenColumns(in room: Int) -> [RouteColumn] {
    var (chosen, left): ([RouteColumn], Int) = ([], room)
    for column in preferred where column.width <= left {
      chosen.append(column)
      left -= column.width
    }
    // Those that were chosen stay where they were put.
    guard !isOrdered else { return chosen }
    return RouteColumn.places.filter { chosen.contains($0) }
  }

  private var isOrdered: Bool { order != nil && display == .figures && !showsJitter }

  /// What a narrow window gives up last comes first.
  private var preferred: [RouteColumn] {
    if display == .strip { return [.figure(.loss), .figure(.newest), .kind] }
    if showsJitter { return RouteColumn.jitters }
    guard let order else { return RouteColumn.figures }
    return order.fields.map { .figure($0) } + [.kind]
  }
}
