package dev.sallyport.tctl;

import dev.sallyport.control.InviteCreated;
import java.io.PrintStream;
import java.net.URI;

/// How a one-time link is handed over.
final class UserLink {
  private UserLink() {}

  static void print(PrintStream out, String introduction, InviteCreated invite) {
    String url = invite.url().reveal();
    out.println(introduction);
    out.println(url);
    out.println();
    out.printf(
        "NOTE: Make sure %s points at a Proxy that the user can reach.%n",
        URI.create(url).getAuthority());
  }
}
