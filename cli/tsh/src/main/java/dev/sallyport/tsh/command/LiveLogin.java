package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.Tsh;

/// A login that still counts, or the command that renews it.
final class LiveLogin {
  private LiveLogin() {}

  static IdentityFile of(Tsh tsh, LoginSource source) {
    var login = source.current().get();
    var end = login.identity().leaf().getNotAfter().toInstant();
    if (!tsh.console().clock().instant().isBefore(end)) {
      throw new CommandFailure("your login has expired at " + end + ", " + source.remedy());
    }
    return login;
  }
}
