package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.background.Handover;
import dev.sallyport.tsh.running.TunnelSet;
import dev.sallyport.tsh.tunnel.DatabaseCertificates;
import dev.sallyport.tsh.tunnel.RouteCredential;
import dev.sallyport.tsh.tunnel.RouteWish;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From what was asked for to tunnels that can be opened: finds the databases and obtains the first
/// certificates.
final class TunnelPlans {
  private TunnelPlans() {}

  /// One tunnel that was asked for.
  record Wanted(Optional<String> database, Optional<String> dbUser, InetSocketAddress address) {}

  static List<TunnelSet.Planned> make(Tsh tsh, DatabaseOptions options, List<Wanted> wanted) {
    var source = tsh.login();
    var login = LiveLogin.of(tsh, source);
    options.checkCluster(login);
    var plans = new ArrayList<TunnelSet.Planned>();
    try (var control = tsh.clusters().open(source.proxy(), login)) {
      var all = new Databases(control.databases(options.query()));
      for (var one : wanted) {
        var chosen = options.choose(all, one.database());
        var wish =
            new RouteWish(
                Databases.name(chosen),
                DatabaseOptions.user(tsh, source, chosen, one.dbUser()),
                options.dbName());
        var certificates = certificates(tsh, source, login, wish);
        var first = certificates.obtain(control, login);
        plans.add(
            new TunnelSet.Planned(certificates, first, Databases.region(chosen), one.address()));
      }
    }
    return plans;
  }

  /// The tunnels that the process at the terminal prepared, for the one in the background.
  ///
  /// @param id of the tunnel, by which it is stopped
  static List<TunnelSet.Planned> resumed(
      Tsh tsh, Handover handover, List<Wanted> wanted, String id) {
    if (handover.tunnels().size() != wanted.size()) {
      throw new CommandFailure(
          "%d tunnels were handed over for %d addresses"
              .formatted(handover.tunnels().size(), wanted.size()));
    }
    var source = tsh.login();
    var plans = new ArrayList<TunnelSet.Planned>();
    for (int i = 0; i < wanted.size(); i++) {
      var handed = handover.tunnels().get(i);
      var certificates =
          new DatabaseCertificates(
              tsh.clusters(),
              source,
              handed.wish(),
              _ -> {
                throw new ControlException(
                    ErrorKind.MFA_REQUIRED,
                    "Database \"%s\" wants your second factor again, which a tunnel in the background can't ask for: run \"tsh proxy stop %s\", and start it anew"
                        .formatted(handed.wish().database(), id));
              },
              tsh.console().clock());
      var first = certificates.resume(handed.identity(), handed.agents());
      plans.add(
          new TunnelSet.Planned(certificates, first, handed.region(), wanted.get(i).address()));
    }
    return plans;
  }

  /// What the process in the background needs of tunnels that are prepared.
  static Handover handover(List<TunnelSet.Planned> plans) {
    return new Handover(
        plans.stream()
            .map(plan ->
                new Handover.Tunnel(
                    plan.certificates().wish(),
                    plan.region(),
                    plan.first().file(),
                    plan.first().agents()))
            .toList());
  }

  /// Certificates that ask for a second factor at the terminal, where a session needs one.
  static DatabaseCertificates certificates(
      Tsh tsh, LoginSource source, IdentityFile login, RouteWish wish) {
    return new DatabaseCertificates(
        tsh.clusters(),
        source,
        wish,
        factors -> {
          tsh.console()
              .err()
              .println("MFA is required to access Database \"" + wish.database() + "\"");
          return new FactorPrompt(tsh, source.proxy())
              .ask(factors, MfaSession.user(login), "tsh proxy db " + wish.database());
        },
        tsh.console().clock());
  }

  static String renewedLine(Tsh tsh, RouteCredential renewed) {
    return "Database certificate renewed: valid until "
        + StatusReport.validity(renewed.validUntil(), tsh.console().clock().instant());
  }
}
