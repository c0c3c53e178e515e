/// The entries of a form that are not zero.
struct Entries {
  struct Entry {
    let factor: Int64
    let place: Int
  }

  /// At least ``count``.
  private var stored: [Entry] = []
  private(set) var count = 0

  /// Takes those of a vector, or of every `step`-th of its entries; places count the latter.
  mutating func take(
    from form: Span<Int64>, first: Int = 0, by step: Int = 1, of size: Int
  ) {
    if stored.count < size {
      stored = [Entry](repeating: Entry(factor: 0, place: 0), count: size)
    }
    var target = stored.mutableSpan
    var found = 0
    for place in 0..<size {
      let factor = form[first &+ place &* step]
      target[found] = Entry(factor: factor, place: place)
      // 1 for all but zero, without a branch: which entries are zero is hard to foresee.
      found &+= Int(UInt64(bitPattern: factor | (0 &- factor)) &>> 63)
    }
    count = found
  }

  subscript(entry: Int) -> Entry { stored[entry] }

  /// The sum of what some entries add.
  @inline(__always)
  func sum(over run: Range<Int>, _ addend: (_ factor: Int64, _ place: Int) -> Int128) -> Int128 {
    let entries = stored.span
    var sum: Int128 = 0
    for entry in run { sum &+= addend(entries[entry].factor, entries[entry].place) }
    return sum
  }

  /// The products with four lines, in one pass.
  ///
  /// Not inlined, so that the sums stay in registers.
  @inline(never)
  fileprivate func products(
    _ first: Span<Int64>, _ second: Span<Int64>, _ third: Span<Int64>, _ fourth: Span<Int64>
  ) -> (Int128, Int128, Int128, Int128) {
    let (size, entries) = (first.count, stored.span.extracting(0..<count))
    precondition(second.count == size && third.count == size && fourth.count == size)
    var sums: (Int128, Int128, Int128, Int128) = (0, 0, 0, 0)
    for entry in 0..<entries.count {
      let (factor, place) = (Int128(entries[entry].factor), entries[entry].place)
      sums.0 &+= factor &* Int128(first[place])
      sums.1 &+= factor &* Int128(second[place])
      sums.2 &+= factor &* Int128(third[place])
      sums.3 &+= factor &* Int128(fourth[place])
    }
    return sums
  }
}

/// The products of one form with a map.
struct Products {
  /// By place asked for, and maybe more.
  private(set) var sums: [Int128] = []
  private var image: [Int128] = []

  /// Begins anew.
  mutating func clear(_ count: Int) {
    if image.count < count { image = [Int128](repeating: 0, count: count) }
    var target = image.mutableSpan
    for place in 0..<count { target[place] = 0 }
  }

  /// Adds to one product.
  mutating func add(_ product: Int128, to place: Int) { image[place] &+= product }

  /// Makes what is at some places the sums.
  @inline(__always)
  mutating func keep(_ count: Int, _ place: (Int) -> Int) {
    if sums.count < count { sums = [Int128](repeating: 0, count: count) }
    let source = image
    var target = sums.mutableSpan
    for number in 0..<count { target[number] = source[place(number)] }
  }

  /// Adds the products of entries with lines of weights, given by their numbers, four at a time.
  mutating func add(
    _ entries: borrowing Entries, times lines: Span<Int64>, _ length: Int,
    _ numbers: Span<Int>, to first: Int
  ) {
    let last = numbers.count - 1
    for place in stride(from: 0, through: last, by: 4) {
      // What is left over is multiplied with the last line again, and not added.
      let (a, b) = (numbers[place] &* length, numbers[min(place &+ 1, last)] &* length)
      let (c, d) = (
        numbers[min(place &+ 2, last)] &* length, numbers[min(place &+ 3, last)] &* length
      )
      let block = entries.products(
        lines.extracting(a..<a + length), lines.extracting(b..<b + length),
        lines.extracting(c..<c + length), lines.extracting(d..<d + length))
      image[first + place] &+= block.0
      if place + 1 <= last { image[first + place + 1] &+= block.1 }
      if place + 2 <= last { image[first + place + 2] &+= block.2 }
      if place + 3 <= last { image[first + place + 3] &+= block.3 }
    }
  }
}
