import ProbeEngine

/// What is counted beside the figures of a `ProbeFigures`.
struct FigureCounts: Hashable {
  /// Probes.
  var sent = 0
  /// Those of them that are on their way: neither answered nor given up.
  var waiting = 0
  /// Those of them that were answered, late ones too.
  var received = 0
  /// Further answers to probes already answered.
  var duplicates = 0
  /// Answers to probes that had been given up.
  var late = 0
  /// Answers with a wrong checksum.
  var corrupted = 0
  /// ICMP errors and failed sends.
  var errors = 0

  /// Probes that were not answered, of those whose fate is known.
  var loss: LossInterval {
    LossInterval(lost: sent - waiting - received, of: sent - waiting)
  }
}
