internal import Certificates
internal import Foundation

/// Folders that results are written to.
enum OutputFolder {
  /// Makes a folder, and those it lies in, where they are not there yet.
  static func make(_ path: String) throws(CertificateError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .file(path: path, problem: "cannot make this folder: \(error.localizedDescription)")
    }
  }

  /// Removes a file, if it is there.
  static func remove(_ path: String) throws(CertificateError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw .file(path: path, problem: unsafe String(cString: strerror(errno)))
    }
  }
}
