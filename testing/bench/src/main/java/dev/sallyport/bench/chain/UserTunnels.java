package dev.sallyport.bench.chain;

import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.Way;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.testkit.site.BareTunnels;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Tunnels of as many users, each busy: what a request costs the Proxy and the agent. The other end
/// of the tunnels is in this process, so that there is no `tsh` for each.
final class UserTunnels {
  private static final double SECONDS = 5;
  private static final double MICROS = 1e6;
  private static final int PATIENCE_SECONDS = 60;
  private static final Workload LOAD =
      new Workload("tunnels", Workload.Request.GET_SMALL, 1, new Workload.Pace.Closed());

  private UserTunnels() {}

  /// @param users how many, each with a tunnel of its own
  static List<Figure> measure(SallyportChain chain, int users) throws Exception {
    var logins = logins(chain, users);
    try (var tunnels = chain.bareTunnels()) {
      for (var login : logins) {
        tunnels.open(login, 1);
      }
      // Once, for what the first request of a user costs: a decision, a session at STS.
      run(tunnels, 1);
      var before = cpu(chain);
      var run = run(tunnels, SECONDS);
      var after = cpu(chain);
      var name = users + " tunnels of different users, ";
      var figures = new ArrayList<Figure>();
      figures.add(figure(name + "requests", "/s", run.answered / run.seconds()));
      after.forEach((process, seconds) ->
          figures.add(
              figure(
                  name + "CPU per request, " + process,
                  "µs",
                  (seconds - before.getOrDefault(process, 0.0)) * MICROS / run.answered)));
      return figures;
    }
  }

  private static Figure figure(String name, String unit, double value) {
    return new Figure(name, unit, Results.Spread.of(value));
  }

  /// Makes the users, and signs for each.
  private static List<IdentityFile> logins(SallyportChain chain, int users) throws IOException {
    var admin = chain.administrator();
    var auth = new ControlEndpoint("localhost", chain.site().authPort());
    var logins = new ArrayList<IdentityFile>();
    try (var client =
        new ControlClient(
            Way.straight(auth),
            admin::identity,
            new IdentityVerifier(admin::trust, InstantSource.system()),
            admin.trust().clusterName())) {
      for (int i = 0; i < users; i++) {
        logins.add(login(client, "user-" + i));
      }
    }
    return logins;
  }

  private static IdentityFile login(ControlClient client, String user) throws IOException {
    client.createUser(chosen(user));
    var keys = KeyPairs.generate();
    var signed =
        client.signUser(
            new SignUserRequest(
                user, Optional.of(Duration.ofHours(1)), Pem.encode(keys.getPublic())));
    var certificates = List.of(Pem.certificate(signed.certificate()));
    return new IdentityFile(
        new TlsIdentity(keys.getPrivate(), certificates), signed.trust().toBundle());
  }

  private static CreateUserRequest chosen(String user) {
    return new CreateUserRequest(user, List.of(SallyportChain.ROLE), Map.of(), Optional.empty());
  }

  /// What the tunnels' other ends got done.
  private static final class Run implements Client.Listener {
    private final CompletableFuture<String> finished = new CompletableFuture<>();
    private final long started = System.nanoTime();
    private final double wanted;
    private int running;
    private int answered;
    private long ended;

    Run(double wanted, int running) {
      this.wanted = wanted;
      this.running = running;
    }

    double seconds() {
      return (ended - started) / 1e9;
    }

    @Override
    public void connected(Client client, long began) {
      client.send(System.nanoTime());
    }

    @Override
    public void answered(Client client, long since) {
      answered++;
      if (System.nanoTime() - started < wanted * 1e9) {
        client.send(System.nanoTime());
        return;
      }
      client.leave();
      running--;
      if (running == 0) {
        ended = System.nanoTime();
        finished.complete("");
      }
    }

    @Override
    public void failed(String reason) {
      finished.complete(reason);
    }
  }

  private static Run run(BareTunnels tunnels, double seconds) throws Exception {
    var channels = tunnels.channels();
    var run = new Run(seconds, channels.size());
    tunnels
        .loop()
        .execute(() -> {
          for (var channel : channels) {
            run.connected(Client.on(channel, LOAD.request(), run), System.nanoTime());
          }
        });
    var failure = run.finished.get((long) seconds + PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
    return run;
  }

  private static Map<String, Double> cpu(SallyportChain chain) throws IOException {
    var values = new LinkedHashMap<String, Double>();
    for (var process : chain.processes().entrySet()) {
      if (List.of("proxy", "agent").contains(process.getKey())) {
        values.put(process.getKey(), ProcessUse.cpuSeconds(process.getValue()));
      }
    }
    return values;
  }
}
