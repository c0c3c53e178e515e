internal import CBLAS
internal import Glibc

/// How OpenBLAS uses the machine.
public enum Processor {
  /// The kernels that OpenBLAS runs, as it names them.
  public static var kernels: String {
    prepare
    return unsafe String(cString: openblas_get_corename())
  }

  /// Done once, before the first product.
  ///
  /// Products run on their caller's thread: the callers are the parallel part.
  static let prepare: Void = {
    openblas_set_num_threads(1)
    preferWideKernels()
  }()

  /// Has OpenBLAS choose its 512-bit kernels where it took 256-bit ones on a processor that can do more.
  ///
  /// OpenBLAS 0.3.21 knows no AMD processor with AVX-512; the products of 50 × 50 matrices that bounds
  /// consist of run twice as fast with the other kernels. The choice is the documented variable
  /// `OPENBLAS_CORETYPE`, read when the library is loaded; the two calls have it read again.
  private static func preferWideKernels() {
    guard unsafe getenv("OPENBLAS_CORETYPE") == nil, hasWideVectors,
      ["Haswell", "Zen"].contains(unsafe String(cString: openblas_get_corename())),
      let leave = unsafe dlsym(nil, "gotoblas_dynamic_quit"),
      let enter = unsafe dlsym(nil, "gotoblas_dynamic_init")
    else { return }
    unsafe setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1)
    unsafe unsafeBitCast(leave, to: (@convention(c) () -> Void).self)()
    unsafe unsafeBitCast(enter, to: (@convention(c) () -> Void).self)()
    unsafe unsetenv("OPENBLAS_CORETYPE")
  }

  /// Whether the processor and the system have the vectors that those kernels use.
  private static var hasWideVectors: Bool {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return false }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 8192)
    while unsafe fgets(&line, CInt(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      guard text.hasPrefix("flags") else { continue }
      let flags = Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }))
      return flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"])
    }
    return false
  }
}
