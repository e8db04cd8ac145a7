import EventJSON
import FlowAnalysis
import PacketText
import StoryQuiz
import TerminalText

/// The questions of a story: each where the story pauses, and all the answers at its end.
struct StoryQuestions {
  private var quiz = StoryQuiz()
  private let columns: Int
  private let style: TerminalStyle

  /// Questions for lines of so many columns.
  init(columns: Int, style: TerminalStyle) { (self.columns, self.style) = (columns, style) }

  /// The question about a packet, if it is worth one.
  mutating func ask(about facts: PacketFacts) -> StoryQuiz.Question? { quiz.ask(about: facts) }

  /// Appends a question as lines of text.
  func append(_ question: StoryQuiz.Question, to text: inout TextBuffer) {
    append(title: "? Question \(question.number): ", question.text, to: &text)
  }

  /// Appends the answers to all that was asked.
  func appendAnswers(to text: inout TextBuffer) {
    text.newline()
    text.append(
      quiz.questions.isEmpty ? "No packet here is worth a question" : "Answers", as: .heading, style
    )
    text.newline()
    for question in quiz.questions {
      append(title: "\(question.number). (#\(question.packet)) ", question.answer, to: &text)
    }
  }

  private func append(title: String, _ words: String, to text: inout TextBuffer) {
    text.append("  ")
    text.append(title, as: .emphasis, style)
    text.append(wrapping: words, columns: columns, at: 2 + title.utf8.count, hanging: 6)
    text.newline()
  }

  /// Appends a question, with its answer, as an event without the line's end.
  static func appendEvent(_ question: StoryQuiz.Question, to text: inout TextBuffer) {
    text.appendEvent("story.question") { event in
      event.field("number", question.number)
      event.field("packet", question.packet)
      event.field("kind", question.kind.keyword)
      event.field("question", question.text)
      event.field("answer", question.answer)
    }
  }
}

extension StoryQuiz.Kind {
  /// A word for programs: letters and hyphens.
  var keyword: String {
    rawValue.reduce(into: "") { word, letter in
      if letter.isUppercase { word += "-" }
      word += letter.lowercased()
    }
  }
}
