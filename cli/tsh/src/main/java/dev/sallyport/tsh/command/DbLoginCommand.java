package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.profile.DatabaseLogins;
import dev.sallyport.pki.Pem;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.tunnel.RouteWish;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh db login`: checks that a database may be used, and remembers as whom.
///
/// The key of the certificate that shows it is thrown away at once: nothing on the disk opens the
/// database.
@Command(name = "login", description = "Choose a database and the user to use it as.")
public final class DbLoginCommand implements Runnable {
  private final Tsh tsh;

  @Option(
      names = {"-u", "--db-user"},
      paramLabel = "ROLE",
      description = "AWS role to use the database as.")
  private @Nullable String dbUser;

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Parameters(arity = "0..1", paramLabel = "DATABASE", description = "Name of the database.")
  private @Nullable String database;

  /// A part of tsh.
  public DbLoginCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    var source = tsh.login();
    var profile =
        tsh.identityFile().isPresent()
            ? null
            : tsh.profile().orElseThrow(() -> new CommandFailure("Not logged in."));
    if (profile == null) {
      throw new CommandFailure(
          "tsh db login remembers a choice in the profile; with an identity file give --db-user to"
              + " tsh proxy db instead");
    }
    var login = LiveLogin.of(tsh, source);
    options.checkCluster(login);
    try (var control = tsh.clusters().open(source.proxy(), login)) {
      var chosen =
          options.choose(
              new Databases(control.databases(options.query())), Optional.ofNullable(database));
      var name = Databases.name(chosen);
      var user =
          dbUser == null ? Databases.onlyUser(chosen) : DatabaseOptions.asked(tsh, chosen, dbUser);
      var wish = new RouteWish(name, user, options.dbName());
      var obtained = TunnelPlans.certificates(tsh, source, login, wish).obtain(control, login);
      DatabaseLogins.of(tsh.console()).save(profile, name, Pem.encode(obtained.certificate()));
      tsh.console()
          .out()
          .printf(
              """
              Connection information for database "%s" has been saved.

              You can start a local proxy for database GUI clients:
                $ tsh proxy db --tunnel --db-user=%s %s

              or a shell in which AWS clients use the database:
                $ tsh db connect %s
              """,
              name, user, name, name);
    } catch (IOException e) {
      throw new CommandFailure("cannot save the connection information: " + e.getMessage(), e);
    }
  }
}
