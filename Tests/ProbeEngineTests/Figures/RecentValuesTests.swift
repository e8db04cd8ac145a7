import ProbeEngine
import Testing

@Suite("The last values of many")
struct RecentValuesTests {
  @Test("the last ones are kept, in order", arguments: [0, 1, 2, 3, 4, 5, 6, 7, 100])
  func keepsTheLast(count: Int) {
    var recent = RecentValues<Int>(limit: 3)
    for value in 0..<count { recent.append(value) }
    let kept = Array((0..<count).suffix(3))
    #expect(recent.values() == kept && recent.last == kept.last)
    #expect(recent.total == count && recent.count == kept.count)
    #expect(recent.dropped == count - kept.count)
    #expect((0..<recent.count).map { recent[$0] } == kept)
    for known in 0...count {
      #expect(recent.values(after: known) == kept.filter { $0 >= known })
    }
  }

  @Test func valuesCanChange() {
    var recent = RecentValues<Int>(limit: 2)
    for value in 1...3 { recent.append(value) }
    recent[0] += 10
    #expect(recent.values() == [12, 3])
  }
}
