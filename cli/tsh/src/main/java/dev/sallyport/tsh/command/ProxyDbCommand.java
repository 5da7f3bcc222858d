package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.control.MfaProof;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.cluster.UserFactors;
import dev.sallyport.tsh.localproxy.LocalProxy;
import dev.sallyport.tsh.localproxy.LocalProxyLimits;
import dev.sallyport.tsh.tunnel.DatabaseCertificates;
import dev.sallyport.tsh.tunnel.RouteCredential;
import dev.sallyport.tsh.tunnel.RouteWish;
import dev.sallyport.tsh.tunnel.TunnelConnections;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tsh proxy db --tunnel`: a DynamoDB endpoint on this machine until Ctrl-C.
@Command(name = "db", description = "Open a local tunnel to a database.")
public final class ProxyDbCommand implements Runnable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final String DUMMY_KEY = "tunnel";

  private final Tsh tsh;

  @Option(names = "--tunnel", description = "Authenticate in the tunnel, so that any client works.")
  private boolean tunnel;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port on 127.0.0.1; a free one when not given.")
  private @Nullable Integer port;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Loopback address to listen on.")
  private @Nullable String listen;

  @Option(
      names = {"-u", "--db-user"},
      paramLabel = "ROLE",
      description = "AWS role to use the database as.")
  private @Nullable String dbUser;

  @Option(
      names = {"-n", "--db-name"},
      paramLabel = "NAME",
      description = "Not used by DynamoDB.")
  private @Nullable String dbName;

  @Option(
      names = {"-c", "--cluster"},
      paramLabel = "CLUSTER",
      description = "Cluster of the database.")
  private @Nullable String cluster;

  @Parameters(arity = "0..1", paramLabel = "DATABASE", description = "Name of the database.")
  private @Nullable String database;

  /// A part of tsh.
  public ProxyDbCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public void run() {
    if (!tunnel) {
      throw new CommandFailure(
          "\"tsh proxy db\" is not supported when:\n"
              + "  - database protocol is DynamoDB.\n\n"
              + "Please use \"tsh proxy db --tunnel "
              + (database == null ? "<db>" : database)
              + "\" instead.");
    }
    var address = address();
    var source = tsh.login();
    var login = LiveLogin.of(tsh, source);
    if (cluster != null && !cluster.equals(login.trust().clusterName())) {
      throw new CommandFailure("cluster \"" + cluster + "\" not found");
    }
    try (var control = tsh.clusters().open(source.proxy(), login)) {
      var all = new Databases(control.databases());
      var chosen = database == null ? all.only() : all.named(database);
      var wish =
          new RouteWish(
              Databases.name(chosen),
              Databases.user(chosen, Optional.ofNullable(dbUser)),
              Optional.ofNullable(dbName));
      var certificates =
          new DatabaseCertificates(
              tsh.clusters(),
              source,
              wish,
              factors -> confirm(source, login, wish, factors),
              tsh.console().clock());
      var first = certificates.obtain(control, login);
      serve(address, certificates, first, Databases.region(chosen));
    }
  }

  private MfaProof confirm(
      LoginSource source, IdentityFile login, RouteWish wish, UserFactors factors) {
    tsh.console().err().println("MFA is required to access Database \"" + wish.database() + "\"");
    return new FactorPrompt(tsh, source.proxy())
        .ask(factors, MfaSession.user(login), "tsh proxy db " + wish.database());
  }

  private void serve(
      InetSocketAddress address,
      DatabaseCertificates certificates,
      RouteCredential first,
      String region) {
    var runtime = new NetRuntime("tsh", 1, TlsProvider.best());
    var connections = new TunnelConnections(runtime, certificates);
    try {
      var place =
          new LocalProxy.Place(runtime.loops().next(), runtime.serverChannelType(), address);
      var proxy =
          LocalProxy.open(
              place, connections, LocalProxyLimits.standard(), ThreadLocalRandom.current());
      certificates.renewing(renewed -> {
        proxy.renewed(renewed);
        tsh.console()
            .out()
            .println(
                "Database certificate renewed: valid until "
                    + StatusReport.validity(renewed.validUntil(), tsh.console().clock().instant()));
      });
      var upkeep = connections.keepFresh();
      announce(proxy.address(), certificates.wish(), first, region);
      tsh.foreground()
          .stay(() -> {
            upkeep.cancel(false);
            proxy.close();
            runtime.close();
          });
    } catch (IOException e) {
      runtime.close();
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private void announce(
      InetSocketAddress bound, RouteWish wish, RouteCredential first, String region) {
    var out = tsh.console().out();
    var local = "localhost:" + bound.getPort();
    out.printf(
        "Started authenticated tunnel for the DynamoDB database \"%s\" in cluster \"%s\" on"
            + " %s:%d.%n",
        wish.database(), first.clusterName(), bound.getAddress().getHostAddress(), bound.getPort());
    if (port == null && listen == null) {
      out.println(
          "To avoid port randomization, you can choose the listening port using the --port flag.");
    }
    out.println();
    out.println(
        "Use the following command to connect to the database or to the address above using other"
            + " database GUI/CLI clients:");
    out.printf("  $ aws --endpoint http://%s/ [dynamodb|dynamodbstreams|dax] <command>%n", local);
    out.println();
    out.println(
        "AWS clients insist on credentials and a region; the tunnel ignores them, so any will do:");
    out.printf("  export AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s%n", DUMMY_KEY, DUMMY_KEY);
    out.printf("  export AWS_REGION=%s AWS_DEFAULT_REGION=%s%n", region, region);
    out.println("  export NO_PROXY=localhost,127.0.0.1");
    out.flush();
  }

  private InetSocketAddress address() {
    if (listen == null) {
      var wished = port == null ? 0 : port;
      if (wished < 0 || wished > 65_535) {
        throw new CommandFailure("--port: " + wished + " (expected: 1 to 65535)");
      }
      return new InetSocketAddress(loopback(LOOPBACK), wished);
    }
    if (port != null) {
      throw new CommandFailure("--port and --listen exclude each other");
    }
    var uri = URI.create("tcp://" + listen);
    if (uri.getHost() == null || uri.getPort() < 0) {
      throw new CommandFailure("--listen: " + listen + " (expected: host:port)");
    }
    return new InetSocketAddress(loopback(uri.getHost()), uri.getPort());
  }

  private static InetAddress loopback(String host) {
    try {
      var found = InetAddress.getByName(host);
      if (found.isLoopbackAddress()) {
        return found;
      }
    } catch (IOException e) {
      throw new CommandFailure("--listen: cannot look " + host + " up", e);
    }
    throw new CommandFailure(
        "--listen: "
            + host
            + " is not a loopback address; whoever reaches the tunnel could use the database as"
            + " you");
  }
}
