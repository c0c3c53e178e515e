internal import CBLAS

/// How OpenBLAS uses the machine.
public enum Processor {
  /// The kernels that OpenBLAS runs, as it names them.
  public static var kernels: String {
    unsafe String(cString: openblas_get_corename())
  }

  /// Done once, before the first product: products run on their caller's thread, since the callers are
  /// what runs in parallel.
  static let prepare: Void = openblas_set_num_threads(1)
}
