/// Steps of gradient ascent whose lengths adapt: Kingma and Ba, "Adam" (2015), algorithm 1.
struct Adam {
  private static let first = 0.9
  private static let second = 0.999

  private let decay: Double
  private var scale = 1.0
  private var firstPower = 1.0
  private var secondPower = 1.0

  /// Starts before the first step.
  ///
  /// - Parameter decay: What step lengths are multiplied by after each step.
  init(decay: Double) {
    self.decay = decay
    scale = 1 / decay
  }

  /// Goes on to the next step.
  mutating func advance() {
    scale *= decay
    firstPower *= Self.first
    secondPower *= Self.second
  }

  /// The factors of the current step for variables of one kind.
  func step(rate: Double) -> Step {
    Step(length: scale * rate / (1 - firstPower), correction: 1 / (1 - secondPower))
  }

  /// One step's factors.
  struct Step {
    private let length: Double
    private let correction: Double

    init(length: Double, correction: Double) {
      self.length = length
      self.correction = correction
    }

    /// Updates the running averages of a gradient and of its square.
    ///
    /// - Returns: How far to move the variable.
    @inline(__always)
    func move(_ first: inout Double, _ second: inout Double, gradient: Double) -> Double {
      first += (1 - Adam.first) * (gradient - first)
      second += (1 - Adam.second) * (gradient * gradient - second)
      return length * first / ((second * correction).squareRoot() + 1e-30)
    }
  }
}

/// One variable that climbs, with its running averages.
struct ClimbingVariable {
  var value: Double
  private var first = 0.0
  private var second = 0.0

  init(_ value: Double) { self.value = value }

  /// Moves it by one step, whose length is in units of `scale`.
  mutating func move(_ step: Adam.Step, gradient: Double, scale: Double) {
    value += scale * step.move(&first, &second, gradient: gradient)
  }
}
