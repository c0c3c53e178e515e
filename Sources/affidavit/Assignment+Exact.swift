internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic

extension Assignment {
  /// The values as a certificate holds them: exact decimal numbers.
  func exactVariables() throws(CertificateError) -> [Certification.Variable] {
    var variables: [Certification.Variable] = []
    for tensor in tensors {
      var numerals: [String] = []
      for value in tensor.values {
        guard let numeral = value.decimalNumeral else {
          throw .field(
            path: "witness.\(tensor.name)", found: "\(value.numerator)/\(value.denominator)",
            expected: "a number with finitely many decimals")
        }
        numerals.append(numeral)
      }
      variables.append(
        Certification.Variable(
          name: tensor.name, type: tensor.type, shape: tensor.shape, values: numerals))
    }
    return variables
  }
}

extension Assignment {
  /// The values as they are printed.
  var printedVariables: [Certification.Variable] {
    tensors.map {
      Certification.Variable(
        name: $0.name, type: $0.type, shape: $0.shape, values: $0.values.map(\.numeral))
    }
  }
}

extension Problem {
  /// The joint input of a certificate's witness.
  ///
  /// - Parameter variables: The values of the problem's variables; those of outputs are not used.
  /// - Returns: The point; each of its entries belongs to an input variable.
  /// - Throws: ``CertificateError`` where a variable is missing or has other values.
  func point(of variables: [Certification.Variable]) throws(CertificateError) -> [Rational] {
    var point = [Rational?](repeating: nil, count: inputNames.count)
    for variable in self.variables {
      guard case .input(let places) = variable.place else { continue }
      let values = variables.first { $0.name == variable.name }?.values ?? []
      guard values.count == places.count else {
        throw .field(
          path: "witness.\(variable.name)", found: "\(values.count) values",
          expected: "\(places.count)")
      }
      for (place, numeral) in zip(places, values) {
        let value = Rational(decimal: numeral)
        guard let value, point[place] == nil || point[place] == value else {
          throw .field(
            path: "witness.\(variable.name)", found: "'\(numeral)'",
            expected: "one decimal number per input, equal where the claim declares them equal")
        }
        point[place] = value
      }
    }
    return point.compactMap(\.self)
  }
}

extension Certification.Semantics {
  init(_ meaning: Meaning) {
    switch meaning {
    case .real: self = .real
    case .float32: self = .float32
    }
  }
}
