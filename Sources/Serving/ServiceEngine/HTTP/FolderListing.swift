/// A page with what is in a folder.
public enum FolderListing {
  /// The page.
  ///
  /// - Parameters:
  ///   - path: of the folder.
  ///   - entries: the names in it, which are hostile.
  ///   - isCutOff: there are more.
  /// - Returns: the page.
  public static func page(
    of path: HTTPPath, _ entries: [(name: String, isFolder: Bool)], isCutOff: Bool
  ) -> HTTPMessage {
    let title = HTMLText.escaped(path.text)
    var page = """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <style>
          :root { color-scheme: light dark; }
          body { margin: 2rem auto; max-width: 50rem; padding: 0 1rem; font: 1.05rem/1.7 system-ui, sans-serif; }
          h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
          ul { list-style: none; padding: 0; }
          a { overflow-wrap: anywhere; }
        </style>
      </head>
      <body>
        <h1>\(title)</h1>
        <ul>

      """
    if !path.segments.isEmpty { page += "    <li><a href=\"../\">../</a></li>\n" }
    for (name, isFolder) in entries {
      let slash = isFolder ? "/" : ""
      // Behind a dot, a name with a colon is no scheme (RFC 3986 §4.2).
      page +=
        "    <li><a href=\"./\(HTTPPath.encoded(name))\(slash)\">\(HTMLText.escaped(name))\(slash)</a></li>\n"
    }
    page += "  </ul>\n"
    if isCutOff { page += "  <p>There is more than these.</p>\n" }
    return HTTPMessage(.ok, type: MediaType.html, page + "</body>\n</html>\n")
  }
}
