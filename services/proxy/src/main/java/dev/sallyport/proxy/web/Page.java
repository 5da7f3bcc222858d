package dev.sallyport.proxy.web;

/// The frame of every page: no script, one style sheet of our own origin, readable without it.
final class Page {
  /// Where the style sheet is served.
  static final String STYLE_PATH = "/web/assets/pages.css";

  private Page() {}

  /// A whole document.
  static String document(String title, String clusterName, Html main) {
    return Html.of(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex, nofollow">
            <title>{}</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="{}">
            </head>
            <body>
            <div class="frame">
            <header class="brand">
            <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
            <path class="wall" d="M3 29V9h4v3h4V9h4v3h2V9h4v3h4V9h4v20z"/>
            <path class="gate" d="M11 29v-7a5 5 0 0 1 10 0v7z"/>
            </svg>
            <span class="name">Sallyport</span>
            <span class="cluster">{}</span>
            </header>
            <main class="card">
            {}</main>
            </div>
            </body>
            </html>
            """,
            title + " · Sallyport",
            STYLE_PATH,
            clusterName,
            main)
        .markup();
  }

  /// A page with one message, such as an error.
  static String message(String title, String clusterName, String text) {
    return document(
        title,
        clusterName,
        Html.of(
            """
            <h1>{}</h1>
            <p>{}</p>
            """,
            title,
            text));
  }

  /// A block of text for the terminal, to be copied.
  static Html command(String command) {
    return Html.of(
        """
        <pre class="command"><code>{}</code></pre>
        """,
        command);
  }
}
