/// The colours of plots; told apart without colour vision, by lightness where they stand for numbers.
///
/// Source: the categorical ones are those of Okabe and Ito.
enum Palette {
  static let ink = "#1c1e21"
  static let faint = "#666c78"
  static let grid = "#e3e5ea"
  static let paper = "#ffffff"
  static let blue = "#0072b2"
  static let vermilion = "#d55e00"
  static let paleBlue = "#bcd9ea"
  static let paleVermilion = "#f4cdb0"

  /// From nearly white to dark blue, for numbers from 0 to 1; darker for greater ones.
  static func shade(_ share: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (247, 251, 255), (222, 235, 247), (198, 219, 239), (158, 202, 225), (107, 174, 214),
      (66, 146, 198), (33, 113, 181), (8, 81, 156), (8, 48, 107),
    ]
    let place = min(max(share.isNaN ? 0 : share, 0), 1) * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    let rest = place - Double(low)
    func mixed(_ one: Double, _ other: Double) -> String {
      let value = Int((one + rest * (other - one)).rounded())
      return (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    let (one, other) = (stops[low], stops[low + 1])
    return "#" + mixed(one.0, other.0) + mixed(one.1, other.1) + mixed(one.2, other.2)
  }
}
