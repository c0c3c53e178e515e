internal import Foundation

/// Standard normal numbers moved to one of several centres, or now and then left where they are.
///
/// A draw z has the density `q(z) = φ(z) · (o + Σ s exp(m·z − |m|² / 2))` with the share o of ordinary draws
/// and the shares s of the centres m. Its weight φ / q, whichever centre it came from, is at most 1 / o.
///
/// Source: Veach and Guibas, *Optimally combining sampling techniques* (1995), the balance heuristic;
/// Owen and Zhou, *Safe and effective importance sampling* (2000), the ordinary draws.
struct TiltedMixture {
  /// A point of the event, and the logarithm of its weight.
  typealias Hit = (z: [Double], logWeight: Double)

  /// The share of ordinary draws.
  private static let ordinary = 0.1
  /// The part of the other draws that all centres have in common, however little happens there.
  private static let common = 0.2
  /// A centre stays where it is unless it is the mean of so many points of equal weight.
  private static let fewest = 10.0

  let centres: [[Double]]
  private let shares: [Double]
  /// `log s − |m|² / 2`.
  private let constants: [Double]

  /// Draws as often around each of some centres.
  init(around centres: [[Double]]) {
    self.init(centres, masses: centres.map { _ in 1 })
  }

  /// Draws around some centres, oftener where more happens; `masses` say how much, up to a factor.
  private init(_ centres: [[Double]], masses: [Double]) {
    precondition(!centres.isEmpty, "draws have centres")
    let (total, count) = (masses.reduce(0, +), Double(centres.count))
    self.centres = centres
    shares = masses.map { mass in
      let own = total > 0 ? mass / total : 1 / count
      return (1 - Self.ordinary) * (Self.common / count + (1 - Self.common) * own)
    }
    constants = zip(centres, shares).map { log($1) - product($0, $0) / 2 }
  }

  /// Where ordinary draws are around.
  var origin: [Double] { centres[0].map { _ in 0 } }

  func draw(using generator: inout SeededGenerator) -> [Double] {
    var rest = generator.uniform()
    for (centre, share) in zip(centres, shares) {
      rest -= share
      if rest < 0 { return generator.normals(around: centre) }
    }
    return generator.normals(around: origin)
  }

  /// The logarithm of φ / q.
  func logWeight(of z: [Double]) -> Double {
    let terms = logTerms(at: z) + [log(Self.ordinary)]
    let largest = terms.max() ?? 0
    return -largest - log(terms.reduce(0) { $0 + exp($1 - largest) })
  }

  private func logTerms(at z: [Double]) -> [Double] {
    zip(centres, constants).map { product($0, z) + $1 }
  }

  /// The points of the event among some draws.
  func hits(
    of event: NormalEvent, among count: Int, using generator: inout SeededGenerator
  ) throws(MassError) -> [Hit] {
    var hits: [Hit] = []
    for _ in 0..<count {
      let z = draw(using: &generator)
      if try event.distance(z) <= 0 { hits.append((z, logWeight(of: z))) }
    }
    return hits
  }

  /// The mixture that fits weighted points of the event better: a step of expectation maximisation, as the
  /// cross-entropy method asks for.
  func fitted(to hits: [Hit]) -> TiltedMixture {
    let largest = hits.map(\.logWeight).max() ?? 0
    var (masses, squares) = (centres.map { _ in 0.0 }, centres.map { _ in 0.0 })
    var sums = centres.map { $0.map { _ in 0.0 } }
    for hit in hits {
      let terms = logTerms(at: hit.z)
      let nearest = terms.max() ?? 0
      let parts = terms.map { exp($0 - nearest) }
      let scale = exp(hit.logWeight - largest) / parts.reduce(0, +)
      for (place, part) in parts.enumerated() {
        let mass = scale * part
        masses[place] += mass
        squares[place] += mass * mass
        for entry in hit.z.indices { sums[place][entry] += mass * hit.z[entry] }
      }
    }
    let moved = centres.indices.map { place in
      masses[place] * masses[place] > Self.fewest * squares[place]
        ? sums[place].map { $0 / masses[place] } : centres[place]
    }
    return TiltedMixture(moved, masses: masses)
  }
}
