package dev.sallyport.proxy.web;

/// What somebody finds who opens the Proxy's address in a browser.
final class HomePage {
  private HomePage() {}

  /// Names the cluster and says how to sign in.
  static String render(String clusterName, String proxyAddress) {
    return Page.document(
        clusterName,
        clusterName,
        Html.of(
            """
            <h1>{}</h1>
            <p>This cluster gives access to Amazon DynamoDB with short-lived certificates. Sign in
            from your terminal:</p>
            {}<p>Then see what you may use, and open a local port to it:</p>
            {}<p class="note">No account yet? An administrator of this cluster can send you an
            invitation link.</p>
            """,
            clusterName,
            Page.command("tsh login --proxy=" + proxyAddress + " --user=<your name>"),
            Page.command(
                "tsh db ls\ntsh proxy db --tunnel --port 8000 --db-user=<role> <database>")));
  }
}
