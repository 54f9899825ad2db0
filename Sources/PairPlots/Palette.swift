/// A colour as red, green and blue, 0 to 255.
package struct Colour: Hashable, Sendable {
  package let red, green, blue: UInt8

  package init(_ hex: UInt32) {
    red = UInt8(hex >> 16 & 0xFF)
    green = UInt8(hex >> 8 & 0xFF)
    blue = UInt8(hex & 0xFF)
  }

  init(red: Double, green: Double, blue: Double) {
    (self.red, self.green, self.blue) = (UInt8(red.rounded()), UInt8(green.rounded()), UInt8(blue.rounded()))
  }

  /// "#0072b2"
  package var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Whether white text reads better on it than black, by the contrast of relative luminances.
  ///
  /// - Source: W3C, Web Content Accessibility Guidelines 2.1, "relative luminance" (with the sRGB curve taken as a power)
  var wantsWhiteText: Bool {
    func linear(_ part: UInt8) -> Double {
      let share = Double(part) / 255
      return share * share * share.squareRoot().squareRoot()  // ^2.25
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) < 0.18
  }
}

/// Colours that the colour-blind tell apart too.
package enum Palette {
  /// For lines and boxes; yellow is left out, which vanishes on white.
  ///
  /// - Source: Okabe & Ito 2008, "Color Universal Design"
  package static let categories: [Colour] = [
    Colour(0x0072B2), Colour(0xD55E00), Colour(0x009E73), Colour(0xCC79A7), Colour(0xE69F00), Colour(0x56B4E9),
    Colour(0x4D4D4D),
  ]

  /// The same for terminals, as numbers of the 256 colours that read on dark and on light backgrounds.
  static let terminalCategories = [33, 208, 36, 175, 214, 81, 245]

  /// A single hue from light to dark: ordered by lightness alone, so that it survives greyscale and every colour vision.
  private static let ramp: [Colour] = [
    Colour(0xF4F8FC), Colour(0xCFE1F0), Colour(0x98C1DF), Colour(0x5699C9), Colour(0x2371AB), Colour(0x0B4778),
  ]

  /// - Parameter share: 0 (light) to 1 (dark)
  package static func sequential(_ share: Double) -> Colour {
    let position = min(max(share, 0), 1) * Double(ramp.count - 1)
    let index = min(Int(position), ramp.count - 2)
    let part = position - Double(index)
    let (from, to) = (ramp[index], ramp[index + 1])
    func mixed(_ a: UInt8, _ b: UInt8) -> Double { Double(a) + part * (Double(b) - Double(a)) }
    return Colour(red: mixed(from.red, to.red), green: mixed(from.green, to.green), blue: mixed(from.blue, to.blue))
  }

  /// The nearest of the 6×6×6 cube of the 256 colours.
  static func terminalCode(_ colour: Colour) -> Int {
    func level(_ part: UInt8) -> Int { part < 48 ? 0 : part < 115 ? 1 : (Int(part) - 35) / 40 }
    return 16 + 36 * level(colour.red) + 6 * level(colour.green) + level(colour.blue)
  }
}
