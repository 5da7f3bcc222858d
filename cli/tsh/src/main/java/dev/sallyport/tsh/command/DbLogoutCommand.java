package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.profile.DatabaseLogins;
import dev.sallyport.tsh.Tsh;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tsh db logout`: forgets what `tsh db login` has remembered.
@Command(name = "logout", description = "Forget the choice of one database, or of all.")
public final class DbLogoutCommand implements Runnable {
  private final Tsh tsh;

  @Parameters(arity = "0..1", paramLabel = "DATABASE", description = "Name of the database.")
  private @Nullable String database;

  /// A part of tsh.
  public DbLogoutCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var profile = tsh.profile().orElseThrow(() -> new CommandFailure("Not logged in."));
    var logins = DatabaseLogins.of(tsh.console());
    var chosen = logins.all(profile, tsh.console().clock().instant());
    var out = tsh.console().out();
    try {
      if (database != null) {
        if (!logins.remove(profile, database)) {
          throw new CommandFailure("not logged into database \"" + database + "\"");
        }
        out.println("Logged out of database " + database);
        return;
      }
      for (var one : chosen) {
        logins.remove(profile, one.route().database());
      }
      switch (chosen.size()) {
        case 0 -> out.println("Not logged into any databases");
        case 1 -> out.println("Logged out of database " + chosen.getFirst().route().database());
        default -> out.println("Logged out of all databases");
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot forget the database: " + e.getMessage(), e);
    }
  }
}
