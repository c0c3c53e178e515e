/// Eight numbers that are worked on together.
///
/// Concrete, since generic lanes are not specialised; eight, since the longest dependency chains then
/// still fill a core's pipelines on machines with vectors of two or four.
typealias Lanes = SIMD8<Double>

/// Elementary functions of eight numbers, within a few units in the last place.
///
/// Coefficients are those of Chebyshev series of the 50-digit functions, by descending power.
enum LaneMath {
  /// The exponential; its argument is clamped to [−700, 700].
  @inline(__always)
  static func exp(_ x: Lanes) -> Lanes {
    let x = clamp(x, -700, 700)
    // Adding 1.5·2^52 rounds to an integer and leaves it in the low bits.
    let shifted = x * 1.442695040888963407 + 0x1.8p52
    let whole = shifted - 0x1.8p52
    let rest = (x - whole * 0x1.62e42fefa3800p-1) - whole * 0x1.ef35793c76730p-45
    var sum = Lanes(repeating: 2.092503133830315e-09)
    sum = sum * rest + 2.5114870219497476e-08
    sum = sum * rest + 2.755723946763408e-07
    sum = sum * rest + 2.755722495611072e-06
    sum = sum * rest + 2.4801587366915758e-05
    sum = sum * rest + 0.00019841269909219843
    sum = sum * rest + 0.0013888888888861422
    sum = sum * rest + 0.008333333333309526
    sum = sum * rest + 0.04166666666666672
    sum = sum * rest + 0.16666666666666702
    sum = sum * rest + 0.5
    sum = sum * rest * rest + rest + 1
    let bits = unsafe unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
    let power = (bits &+ 1023) &<< 52
    return unsafe sum * unsafeBitCast(power, to: Lanes.self)
  }

  /// The natural logarithm of positive normal numbers.
  @inline(__always)
  static func log(_ x: Lanes) -> Lanes {
    let bits = unsafe unsafeBitCast(x, to: SIMD8<UInt64>.self)
    // Exponents count from √½, so that the mantissa lies between √½ and √2.
    let moved = bits &- 0x3FE6_A09E_667F_3BCD
    let exponent = (moved &>> 52) & 0xFFF
    let mantissaBits = bits &- (exponent &<< 52)
    let mantissa = unsafe unsafeBitCast(mantissaBits, to: Lanes.self)
    // A 12-bit two's complement number to a double, through the bits of 2^52 + 2^51.
    let biased = unsafe unsafeBitCast(
      ((exponent ^ 0x800) | 0x4330_0000_0000_0000), to: Lanes.self)
    let power = biased - 0x1.00000000008p52
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = Lanes(repeating: 0.11882544710476513)
    sum = sum * square + 0.11688059202083309
    sum = sum * square + 0.13335641750872207
    sum = sum * square + 0.15384575055630695
    sum = sum * square + 0.18181818594714394
    sum = sum * square + 0.22222222219850818
    sum = sum * square + 0.28571428571435387
    sum = sum * square + 0.3999999999999999
    sum = sum * square + 0.6666666666666666
    let small = power * 0x1.ef35793c76730p-45
    return power * 0x1.62e42fefa3800p-1 + (2 * s + (s * square * sum + small))
  }

  @inline(__always)
  static func clamp(_ x: Lanes, _ least: Double, _ greatest: Double) -> Lanes {
    maximum(minimum(x, Lanes(repeating: greatest)), Lanes(repeating: least))
  }

  @inline(__always)
  static func minimum(_ x: Lanes, _ y: Lanes) -> Lanes { x.replacing(with: y, where: y .< x) }

  @inline(__always)
  static func maximum(_ x: Lanes, _ y: Lanes) -> Lanes { x.replacing(with: y, where: y .> x) }

  @inline(__always)
  static func magnitude(_ x: Lanes) -> Lanes { x.replacing(with: -x, where: x .< 0) }
}
