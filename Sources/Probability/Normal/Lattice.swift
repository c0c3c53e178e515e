internal import Synchronization

/// A rank-one lattice: the points `{k · generator / count}`, whose projections are chosen to fill the
/// unit cube evenly.
///
/// Components are found one by one: of some dozens of random candidates, the one with the smallest
/// worst-case error for functions whose coordinates matter less and less (Sloan and Reztsov, *Math.
/// Comp.* 71, 2002; Korobov's kernel of degree two, product weights). Lattices are kept for later calls.
struct Lattice: Sendable {
  /// How many points there are: a prime.
  let count: Int
  /// One component a dimension, from 1 to `count − 1`.
  let generator: [Int]

  /// Primes, each about twice the one before.
  static let counts = [
    61, 127, 251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071, 262_139, 524_287,
  ]

  private static let candidates = 24
  private static let searchedDimensions = 64

  private static let known = Mutex<[Int: Search]>([:])

  /// The lattice with a number of points of ``counts``.
  init(count: Int, dimensions: Int) {
    self.count = count
    generator = Self.known.withLock { known in
      var search = known[count] ?? Search(count: count)
      search.extend(to: dimensions)
      known[count] = search
      return Array(search.generator.prefix(dimensions))
    }
  }

  /// The components found so far, and what is needed to find the next.
  private struct Search {
    let count: Int
    var generator: [Int] = []
    private var random: SeededGenerator
    /// The Bernoulli polynomial `2π²(x² − x + 1/6)` at `k / count`.
    private let kernel: [Float]
    /// The product of the kernels of the components so far, at each point.
    private var products: [Float]

    init(count: Int) {
      self.count = count
      random = SeededGenerator(seed: UInt64(count))
      kernel = (0..<count).map { index in
        let x = Double(index) / Double(count)
        return Float(2 * Double.pi * Double.pi * (x * x - x + 1.0 / 6))
      }
      products = Array(repeating: 1, count: count)
    }

    mutating func extend(to dimensions: Int) {
      while generator.count < dimensions {
        let dimension = generator.count
        let weight = Float(1 / Double((dimension + 1) * (dimension + 1)))
        guard dimension > 0 else {
          append(1, weight)
          continue
        }
        guard dimension < Lattice.searchedDimensions else {
          generator.append(candidate())
          continue
        }
        var best = (component: 1, error: Float.infinity)
        for _ in 0..<Lattice.candidates {
          let component = candidate()
          let error = error(of: component)
          if error < best.error { best = (component, error) }
        }
        append(best.component, weight)
      }
    }

    private mutating func candidate() -> Int {
      while true {
        let component = 1 + Int(random.next() % UInt64(count - 1))
        if count < 4 * generator.count + 8 || !generator.contains(component) { return component }
      }
    }

    private func error(of component: Int) -> Float {
      var sum: Float = 0
      var place = 0
      // The kernel is even: half of the points tell all.
      for point in 0...(count / 2) {
        sum += products[point] * kernel[place]
        place += component
        if place >= count { place -= count }
      }
      return sum
    }

    private mutating func append(_ component: Int, _ weight: Float) {
      generator.append(component)
      var place = 0
      for point in 0..<count {
        products[point] *= 1 + weight * kernel[place]
        place += component
        if place >= count { place -= count }
      }
    }
  }
}
