internal import Foundation

/// A complex number.
struct Complex {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  var squaredModulus: Double { real * real + imaginary * imaginary }

  static func * (left: Complex, right: Complex) -> Complex {
    Complex(
      left.real * right.real - left.imaginary * right.imaginary,
      left.real * right.imaginary + left.imaginary * right.real)
  }

  static func + (left: Complex, right: Complex) -> Complex {
    Complex(left.real + right.real, left.imaginary + right.imaginary)
  }

  static func - (left: Complex, right: Complex) -> Complex {
    Complex(left.real - right.real, left.imaginary - right.imaginary)
  }

  static func * (left: Double, right: Complex) -> Complex {
    Complex(left * right.real, left * right.imaginary)
  }

  static func / (left: Complex, right: Complex) -> Complex {
    let scale = 1 / right.squaredModulus
    return scale * (left * Complex(right.real, -right.imaginary))
  }

  /// `exp(i·angle)`.
  static func unit(_ angle: Double) -> Complex { Complex(cos(angle), sin(angle)) }
}

/// The standard normal law at complex points.
enum ComplexNormal {
  /// The upper tail over the density, where the real part is not negative.
  ///
  /// Weideman's rational approximation of the Faddeeva function: *Computation of the complex error
  /// function*, SIAM J. Numer. Anal. 31 (1994), with 56 terms.
  static func millsRatio(_ point: Complex) -> Complex {
    let halved = 0.70710678118654752440 * point
    let below = Complex(scale + halved.real, halved.imaginary)
    let above = Complex(scale - halved.real, -halved.imaginary)
    let inverse = Complex(1) / below
    let z = above * inverse
    var sum = Complex(coefficients[0])
    for coefficient in coefficients.dropFirst() {
      sum = sum * z
      sum.real += coefficient
    }
    // w = 2 p(Z)/(L − iz)² + 1/(√π (L − iz)), and the ratio is √(π/2) w.
    let faddeeva = inverse * (2 * (sum * inverse) + Complex(0.56418958354775628695))
    return 1.2533141373155002512 * faddeeva
  }

  private static let terms = 56
  private static let scale = (Double(terms) / 2.0.squareRoot()).squareRoot()

  /// By descending power: the Fourier coefficients of `(L² + t²) exp(−t²)`, `t = L tan(θ/2)`.
  private static let coefficients: [Double] = {
    let half = 2 * terms
    let values = (0..<(2 * half)).map { index -> Double in
      let angle = Double(index - half) * .pi / Double(half)
      guard index > 0 else { return 0 }
      let t = scale * tan(angle / 2)
      return (scale * scale + t * t) * exp(-t * t)
    }
    return (1...terms).reversed().map { power in
      var sum = 0.0
      for (index, value) in values.enumerated() {
        sum += value * cos(Double(index - half) * Double(power) * .pi / Double(half))
      }
      return sum / Double(2 * half)
    }
  }()

  /// `P(lower < z < upper)` moved by `i·shift`: the integral of the density between
  /// `lower + i·shift` and `upper + i·shift`, over `exp(shift²/2 − nearest²/2)`.
  static func scaledProbability(
    _ lower: Double, _ upper: Double, shift: Double, nearest: Double
  ) -> Complex {
    if upper < 0 {
      // The density is even: mirrored ends are moved the other way.
      return scaledProbability(-upper, -lower, shift: -shift, nearest: abs(nearest))
    }
    let far = tail(upper, shift, nearest)
    if lower > 0 { return tail(lower, shift, nearest) - far }
    let whole = exp((nearest * nearest - shift * shift) / 2)
    return Complex(whole) - far - tail(-lower, -shift, nearest)
  }

  private static func tail(_ x: Double, _ shift: Double, _ nearest: Double) -> Complex {
    guard x < .infinity else { return Complex(0) }
    let size = exp((nearest - x) * (nearest + x) / 2) * StandardNormal.inverseRootTwoPi
    return size * (Complex.unit(-x * shift) * millsRatio(Complex(x, shift)))
  }
}
