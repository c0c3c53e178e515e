internal import Approximation
internal import ExactArithmetic
internal import NetworkModel
internal import Probability

/// The law of a network's outputs under one law of its input, perhaps with drawn outputs beside it.
struct NetworkOutputs {
  /// The law of the input, as it was named.
  let distribution: String
  let law: OutputLaw
  /// How its regions were found.
  let method: String
  /// Drawn outputs, and the confidence of what is said of them.
  let sample: OutputSample?
  let confidence: Double
  private let network: Network
  private let inputs: Distribution
  private let components: [LatentComponent]
  private let seed: UInt64

  /// Finds the law: over all regions where two coordinates suffice, else over the greatest ones.
  init(
    _ distribution: String, of network: Network, for command: OutputCommand,
    _ library: NetworkLibrary
  ) throws(Failure) {
    self.distribution = distribution
    confidence = command.confidence
    self.network = network
    let inputs = try LawFile.read(distribution, for: network, library: library)
    self.inputs = inputs
    let arguments = command.law
    seed = arguments.seed
    do throws(MassError) {
      let components = try LatentComponent.components(of: inputs, seenBy: network)
      self.components = components
      if components.areEnumerated {
        method = "enumeration of all regions"
        law = try OutputLaw(of: components, options: arguments.options)
      } else {
        let masses = try MassFunction.bestFirst(
          components, limits: arguments.limits, options: arguments.options)
        method = masses.coverage.phrase
        law = try OutputLaw(of: masses, under: components, options: arguments.options)
      }
      sample = try command.sample.map { count throws(MassError) in
        try OutputSample(of: network, under: inputs, count: count, seed: arguments.seed)
      }
    } catch { throw .badInput("\(arguments.network): \(error.description)") }
  }

  /// Finds the law over all regions; nothing where there are more than two coordinates.
  ///
  /// - Parameters:
  ///   - inputs: The law of the input.
  ///   - network: The network.
  ///   - name: What the law of the input is called.
  ///   - isCancelled: Asked now and then; `true` ends the walk with an error.
  /// - Throws: ``MassError``.
  init?(
    _ inputs: Distribution, of network: Network, named name: String,
    isCancelled: () -> Bool
  ) throws(MassError) {
    let components = try LatentComponent.components(of: inputs, seenBy: network)
    guard components.areEnumerated else { return nil }
    (distribution, self.network, self.inputs, self.components) = (name, network, inputs, components)
    (method, sample, confidence, seed) = ("enumeration of all regions", nil, 0.99, 1)
    law = try OutputLaw(of: components, isCancelled: isCancelled)
  }

  /// Mean and covariance of all outputs: in closed form where there is one, else sampled.
  func moments() throws(MassError) -> OutputMoments {
    if let exact = try law.moments() { return OutputMoments(exact) }
    return OutputMoments(
      try MomentEstimate(of: network, under: inputs, components, seed: seed))
  }

  /// The lines that say how the law was found.
  var heading: [String] {
    var lines = [
      "law         \(distribution): \(counted(law.pieceCount, "piece")), by \(method)",
      "covered     \(law.covered.text)",
    ]
    if law.missing > 0 { lines.append("missing     at most \(law.missing.significant(6))") }
    return lines
  }

  /// Values of what is asked for at drawn inputs.
  func drawnValues(of question: OutputQuestion) throws(MassError) -> [Double] {
    let outputs =
      if let sample { sample.outputs } else {
        try OutputSample(of: network, under: inputs, count: 4000, seed: 1).outputs
      }
    let weights = question.weights.map(\.nearestDouble)
    return outputs.map { output in
      zip(weights, output).reduce(question.constant.nearestDouble) { $0 + $1.0 * $1.1 }
    }
  }

  /// How often conditions were met among the drawn outputs.
  func sampled(_ conditions: [OutputCondition]) -> SampledShare? {
    sample.map { sample in
      let (hits, interval) = sample.interval(of: conditions, confidence: confidence)
      return SampledShare(
        hits: hits, count: sample.count, interval: interval, confidence: confidence)
    }
  }
}

extension MassFunction.Coverage {
  /// How the patterns were found.
  var phrase: String {
    switch self {
    case .complete: "enumeration of all regions"
    case .bestFirst(let end): "best-first search, ended by \(end.rawValue)"
    }
  }
}
