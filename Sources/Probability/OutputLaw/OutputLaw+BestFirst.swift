internal import Regions

extension OutputLaw {
  /// The law over the patterns of a mass function; what they leave over is missing.
  ///
  /// - Parameters:
  ///   - masses: The patterns; see ``MassFunction/bestFirst(_:limits:options:isCancelled:progress:)``.
  ///   - components: The law of the input as the network sees it, not clipped.
  ///   - options: How masses are sampled in more than two dimensions.
  /// - Throws: ``MassError``.
  public init(
    of masses: MassFunction, under components: [LatentComponent],
    options: MassOptions = MassOptions()
  ) throws(MassError) {
    var pieces: [Piece] = []
    for entry in masses.entries {
      for component in components {
        precondition(component.clippingGroups == 0, "a law without clipping")
        let region: Region?
        do {
          region = try component.network.region(of: entry.pattern, within: component.scope)
        } catch { throw .regions(error) }
        guard let region else { continue }
        let units = region.facets.filter { $0.origin != .scope && $0.origin != .infinity }
        let piece = RegionPiece(
          component: component, pattern: entry.pattern, clippedPattern: entry.pattern,
          halfSpaces: units.map(HalfSpace.init), map: region.map)
        pieces.append(try Self.piece(piece, options))
      }
    }
    self.init(
      pieces, outputSize: components.first?.network.outputSize ?? 0, missing: masses.missing,
      options)
  }

  /// How many pieces have mass: one for each region and component.
  public var pieceCount: Int { pieces.count }
}
