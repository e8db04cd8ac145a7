/// What a file is, by its name (RFC 9110 §8.3).
public enum MediaType {
  /// The media type of a file; octets of no known kind for a name that says nothing. Text is taken
  /// for UTF-8.
  public static func ofFile(named name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return unknown }
    switch name[dot...].dropFirst().lowercased() {
    case "html", "htm": return html
    case "css": return "text/css; charset=utf-8"
    case "js", "mjs": return "text/javascript; charset=utf-8"
    case "txt", "log", "lab", "conf", "swift", "c", "h", "py", "sh": return text
    case "md": return "text/markdown; charset=utf-8"
    case "csv": return "text/csv; charset=utf-8"
    case "json", "map": return "application/json"
    case "xml": return "application/xml"
    case "svg": return "image/svg+xml"
    case "png": return "image/png"
    case "jpg", "jpeg": return "image/jpeg"
    case "gif": return "image/gif"
    case "webp": return "image/webp"
    case "avif": return "image/avif"
    case "ico": return "image/vnd.microsoft.icon"
    case "woff": return "font/woff"
    case "woff2": return "font/woff2"
    case "mp3": return "audio/mpeg"
    case "ogg", "oga": return "audio/ogg"
    case "wav": return "audio/wav"
    case "mp4": return "video/mp4"
    case "webm": return "video/webm"
    case "pdf": return "application/pdf"
    case "zip": return "application/zip"
    case "gz": return "application/gzip"
    case "zst": return "application/zstd"
    case "tar": return "application/x-tar"
    case "wasm": return "application/wasm"
    case "pcap", "pcapng": return "application/vnd.tcpdump.pcap"
    default: return unknown
    }
  }

  /// A page.
  public static let html = "text/html; charset=utf-8"
  /// Text and nothing else.
  public static let text = "text/plain; charset=utf-8"

  private static let unknown = "application/octet-stream"
}
