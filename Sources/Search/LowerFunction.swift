/// An affine function of the inputs that lies below a row's excess, and its minimum over a box.
package struct LowerFunction {
  package var coefficients: [Double]
  package var constant: Double
  /// Not a number where it is not set, or the arithmetic failed; that proves nothing.
  package var minimum: Double

  package init(coefficients: [Double], constant: Double, minimum: Double = .nan) {
    (self.coefficients, self.constant, self.minimum) = (coefficients, constant, minimum)
  }

  /// Sets the minimum anew.
  package mutating func minimise(lower: [Double], upper: [Double]) {
    var sum = constant
    for entry in coefficients.indices {
      sum += coefficients[entry] * (coefficients[entry] > 0 ? lower[entry] : upper[entry])
    }
    minimum = sum
  }

  /// The size of the numbers that are added up at the minimum.
  func magnitude(lower: [Double], upper: [Double]) -> Double {
    var sum = constant.magnitude
    for entry in coefficients.indices {
      sum += (coefficients[entry] * max(lower[entry].magnitude, upper[entry].magnitude)).magnitude
    }
    return sum
  }

  /// The corner of a box where the function is smallest.
  func minimiser(lower: [Double], upper: [Double]) -> [Double] {
    coefficients.indices.map { coefficients[$0] > 0 ? lower[$0] : upper[$0] }
  }
}
