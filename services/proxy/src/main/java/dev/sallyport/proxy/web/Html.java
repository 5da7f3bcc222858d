package dev.sallyport.proxy.web;

import java.util.List;

/// Markup that is safe to send: whatever came from outside was escaped on its way in.
///
/// @param markup the HTML text
record Html(String markup) {
  /// No markup at all.
  static final Html NOTHING = new Html("");

  private static final String HOLE = "{}";

  /// Text from anywhere, escaped for element content and for quoted attribute values.
  static Html text(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return new Html(escaped.toString());
  }

  /// A template of ours with `{}` for each part. A part that is [Html] goes in as it is, anything
  /// else as escaped text. The template must be a constant; attribute holes must stand in quotes.
  static Html of(String template, Object... parts) {
    var filled = new StringBuilder(template.length() + 64);
    int from = 0;
    for (var part : parts) {
      int hole = template.indexOf(HOLE, from);
      if (hole < 0) {
        throw new IllegalArgumentException("template has fewer than " + parts.length + " holes");
      }
      filled.append(template, from, hole);
      filled.append(part instanceof Html html ? html.markup : text(String.valueOf(part)).markup);
      from = hole + HOLE.length();
    }
    if (template.indexOf(HOLE, from) >= 0) {
      throw new IllegalArgumentException("template has more than " + parts.length + " holes");
    }
    return new Html(filled.append(template, from, template.length()).toString());
  }

  /// One after the other.
  static Html join(List<Html> parts) {
    var joined = new StringBuilder();
    parts.forEach(part -> joined.append(part.markup));
    return new Html(joined.toString());
  }
}
