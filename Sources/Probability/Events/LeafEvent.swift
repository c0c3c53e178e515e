/// What is left of an event on a part of the inputs where each quantity is a form of the coordinates.
indirect enum LeafEvent {
  case certain
  case impossible
  /// One of both, but rounding hides which.
  case hidden
  /// That the coordinates lie in a half-space; its boundary has no mass.
  case within(HalfSpace)
  case all([LeafEvent])
  case any([LeafEvent])

  /// The conjunction, as short as it can be.
  static func conjunction(_ parts: [LeafEvent]) -> LeafEvent {
    var rest: [LeafEvent] = []
    for part in parts {
      switch part {
      case .certain: break
      case .impossible: return .impossible
      case .all(let inner): rest += inner
      case .hidden, .within, .any: rest.append(part)
      }
    }
    return rest.isEmpty ? .certain : rest.count == 1 ? rest[0] : .all(rest)
  }

  /// The disjunction, as short as it can be.
  static func disjunction(_ parts: [LeafEvent]) -> LeafEvent {
    var rest: [LeafEvent] = []
    for part in parts {
      switch part {
      case .impossible: break
      case .certain: return .certain
      case .any(let inner): rest += inner
      case .hidden, .within, .all: rest.append(part)
      }
    }
    return rest.isEmpty ? .impossible : rest.count == 1 ? rest[0] : .any(rest)
  }

  /// A half-space that the event depends on; nothing where it depends on none.
  var condition: HalfSpace? {
    switch self {
    case .certain, .impossible, .hidden: return nil
    case .within(let space): return space
    case .all(let parts), .any(let parts):
      for part in parts { if let condition = part.condition { return condition } }
      return nil
    }
  }

  /// Whether anything but rounding is open.
  var isOpen: Bool { condition != nil }

  /// What is left where the coordinates lie in a half-space.
  func assuming(_ space: HalfSpace) -> LeafEvent {
    switch self {
    case .certain, .impossible: self
    case .hidden: .hidden
    case .within(space): .certain
    case .within(space.opposite): .impossible
    case .within: self
    case .all(let parts): .conjunction(parts.map { $0.assuming(space) })
    case .any(let parts): .disjunction(parts.map { $0.assuming(space) })
    }
  }
}

extension HalfSpace {
  /// The other side.
  var opposite: HalfSpace { HalfSpace(normal: normal.map { -$0 }, offset: -offset) }
}
