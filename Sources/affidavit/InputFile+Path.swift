internal import Foundation

extension InputFile {
  /// The file's name without its folder.
  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// The folder that the file lies in.
  var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().relativePath }
}
