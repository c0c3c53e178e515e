internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic
internal import Search

/// The values that a witness gives to the variables of a query.
struct Assignment {
  /// One declared variable with the values of its entries in row-major order.
  struct Tensor {
    let name: String
    let type: String
    let shape: [Int]
    let values: [Rational]

    /// The head line of the VNN-LIB 2.0 interface, then a value a line.
    var lines: [String] {
      let dimensions = shape.map(String.init).joined(separator: ",")
      return ["\(name) \(type) [\(dimensions)]"] + values.map(\.numeral)
    }
  }

  let tensors: [Tensor]
  private let isInput: [Bool]

  /// The values of inputs.
  var inputs: [Tensor] { zip(tensors, isInput).filter(\.1).map(\.0) }

  init(_ witness: Witness, of problem: Problem) {
    isInput = problem.variables.map { if case .input = $0.place { true } else { false } }
    tensors = problem.variables.map { variable in
      let values: [Rational] =
        switch variable.place {
        case .input(let places): places.map { witness.point[$0] }
        case .output(let first):
          witness.outputs[first..<first + variable.shape.reduce(1, *)].map(Rational.init(nearest:))
        }
      return Tensor(
        name: variable.name, type: variable.type, shape: variable.shape, values: values)
    }
  }
}

extension Rational {
  /// The exact value of a finite number.
  fileprivate init(nearest value: Double) {
    guard let dyadic = Dyadic(exactly: value) else {
      preconditionFailure("the outputs of a confirmed witness are finite")
    }
    self.init(dyadic)
  }

  /// A decimal numeral without exponent that reads back as this number.
  ///
  /// Of a binary64 number, the shortest that reads back as the same one; else the exact one; where
  /// there is no finite one, that of the nearest binary64 number.
  var numeral: String {
    let nearest = nearestDouble
    let isBinary = Dyadic(exactly: nearest).map(Rational.init) == self
    if !isBinary, let exact = decimalNumeral { return exact }
    return Rational(decimal: nearest.description)?.decimalNumeral ?? nearest.description
  }
}
