// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target and its tests' usual shape: strict settings, imports only what it lists.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    swiftSettings: settings)
}

let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let trusted: [Target.Dependency] = [
  "ExactArithmetic", "NetworkModel", "ONNX", "ClaimLanguage", "ProofFormat", "ProofChecker",
  "MassArithmetic",
]

let package = Package(
  name: "affidavit",
  products: [
    .executable(name: "affidavit", targets: ["affidavit"]),
    .executable(name: "affidavit-check", targets: ["affidavit-check"]),
  ],
  dependencies: [
    .package(url: "https://github.com/attaswift/BigInt", exact: "6.0.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    // Trusted: no Foundation, no C, no floating point in a decision.
    library("ExactArithmetic", [bigInt]),
    library("NetworkModel", ["ExactArithmetic"]),
    library("ONNX", ["ExactArithmetic", "NetworkModel"]),
    library("ClaimLanguage", [bigInt, "ExactArithmetic", "NetworkModel", "MassArithmetic"]),
    library("ProofFormat", ["ExactArithmetic", bigInt]),
    library(
      "ProofChecker",
      [
        bigInt, "ExactArithmetic", "NetworkModel", "ONNX", "ClaimLanguage", "ProofFormat",
        "MassArithmetic",
      ]),

    // Trusted where a claim is about a probability.
    library("MassArithmetic", ["ExactArithmetic", bigInt]),

    // Untrusted: finds the answers.
    .systemLibrary(name: "CGLPK"),
    .systemLibrary(name: "CBLAS"),
    .systemLibrary(name: "CZlib"),
    library("Gzip", ["CZlib"]),
    library("Approximation", [bigInt, "ExactArithmetic", "NetworkModel"]),
    library("Inspection", ["NetworkModel", "ONNX"]),
    library("LinearProgramming", ["CGLPK"]),
    library("LinearAlgebra", ["CBLAS"]),
    library("BoundPropagation", ["NetworkModel", "LinearAlgebra"]),
    library(
      "Regions", ["Approximation", "LinearProgramming", "NetworkModel", "ExactArithmetic"]),
    library(
      "Probability",
      [
        "Approximation", "BoundPropagation", "ExactArithmetic", "LinearAlgebra",
        "LinearProgramming", "NetworkModel", "Regions", "Gzip", bigInt,
      ]),
    library(
      "Search",
      [
        "Approximation", "BoundPropagation", "LinearAlgebra", "LinearProgramming", "ClaimLanguage",
        "ProofFormat", "ProofChecker", "NetworkModel", "ExactArithmetic", "MassArithmetic",
      ]),
    library(
      "Specification",
      [
        "ClaimLanguage", "ExactArithmetic", "MassArithmetic", "NetworkModel", "Probability",
        bigInt, .product(name: "Yams", package: "Yams"),
      ]),
    library("Certificates", [.product(name: "Crypto", package: "swift-crypto")]),
    library("Reporting", ["Certificates"]),

    // Programs.
    .executableTarget(
      name: "affidavit",
      dependencies: trusted + [
        "Approximation", "Gzip", "Inspection", "Search", "Specification", "Certificates",
        "Reporting",
        "Probability", "Regions", "LinearProgramming",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(name: "affidavit-check", dependencies: trusted, swiftSettings: settings),

    // Tests.
    tests(of: "ExactArithmetic", [bigInt]),
    .testTarget(
      name: "MassArithmeticTests",
      dependencies: ["MassArithmetic", "ExactArithmetic", "Approximation", "TestSupport", bigInt],
      exclude: ["normal-tails.json"], swiftSettings: settings),
    tests(of: "Approximation", ["ExactArithmetic"]),
    .testTarget(
      name: "ONNXTests",
      dependencies: [
        "ONNX", "Approximation", "Gzip", "Inspection", "NetworkModel", "ExactArithmetic",
      ],
      exclude: ["networks.json", "operators.json"], swiftSettings: settings),
    tests(
      of: "ClaimLanguage",
      ["Approximation", "ExactArithmetic", "MassArithmetic", "NetworkModel", bigInt]),
    tests(of: "ProofFormat", [bigInt, "ExactArithmetic", "Search"]),
    .target(
      name: "TestSupport", dependencies: ["ClaimLanguage", "ExactArithmetic", "NetworkModel"],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests(
      of: "ProofChecker",
      [
        "ClaimLanguage", "ExactArithmetic", "MassArithmetic", "NetworkModel", "ProofFormat",
        "Search", "TestSupport", bigInt,
      ]),
    tests(
      of: "Search",
      [
        "Approximation", "ClaimLanguage", "ExactArithmetic", "NetworkModel", "ProofChecker",
        "ProofFormat",
        "TestSupport",
      ]),
    tests(of: "Gzip", ["CZlib"]),
    tests(of: "LinearProgramming", ["CGLPK"]),
    tests(of: "LinearAlgebra"),
    tests(of: "BoundPropagation", ["NetworkModel"]),
    tests(
      of: "Probability",
      ["ExactArithmetic", "NetworkModel", "ONNX", "Regions", "TestSupport"]),
    tests(
      of: "Regions",
      ["Approximation", "LinearProgramming", "NetworkModel", "ONNX", "TestSupport"]),
    .testTarget(
      name: "CertificatesTests", dependencies: ["Certificates"], exclude: ["Data"],
      swiftSettings: settings),
    tests(of: "Reporting", ["Certificates"]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["affidavit", "affidavit-check", "Certificates", "TestSupport"],
      swiftSettings: settings),
    tests(
      of: "Specification",
      [
        "ClaimLanguage", "ExactArithmetic", "MassArithmetic", "NetworkModel", "Probability",
        "TestSupport", bigInt,
      ]),
  ]
)
