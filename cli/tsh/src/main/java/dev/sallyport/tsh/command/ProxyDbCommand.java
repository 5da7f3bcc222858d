package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.TshMain;
import dev.sallyport.tsh.background.BackgroundFolder;
import dev.sallyport.tsh.background.BackgroundStart;
import dev.sallyport.tsh.background.BackgroundStatus;
import dev.sallyport.tsh.background.ControlSocket;
import dev.sallyport.tsh.background.Handover;
import dev.sallyport.tsh.running.TunnelInfo;
import dev.sallyport.tsh.running.TunnelSet;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tsh proxy db --tunnel`: DynamoDB endpoints on this machine until Ctrl-C, or in the background.
@Command(name = "db", description = "Open local tunnels to databases.")
public final class ProxyDbCommand implements Runnable {
  private static final String BACKGROUND = "--background";

  private final Tsh tsh;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--tunnel", description = "Authenticate in the tunnel, so that any client works.")
  private boolean tunnel;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port on 127.0.0.1, once for each database; a free one when 0 or not given.")
  private List<Integer> ports = new ArrayList<>();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Address to listen on, once for each database.")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--insecure-listen-anywhere",
      description = "Let --listen take an address that other machines reach.")
  private boolean anywhere;

  @Option(
      names = {"-u", "--db-user"},
      paramLabel = "ROLE",
      description = "AWS role to use the databases as: once for all, or once for each.")
  private List<String> dbUsers = new ArrayList<>();

  @Mixin private DatabaseOptions databaseOptions = new DatabaseOptions();

  @Mixin private DoorOptions door = new DoorOptions();

  @Option(
      names = BACKGROUND,
      description = "Go on without a terminal; see tsh proxy ls and tsh proxy stop.")
  private boolean background;

  @Option(names = BackgroundStart.OPTION, hidden = true)
  private @Nullable String backgroundAs;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "text|json|bash|fish|powershell",
      description = "How to say where the tunnels are.")
  private String format = "text";

  @Parameters(arity = "0..*", paramLabel = "DATABASE", description = "Names of the databases.")
  private List<String> databases = new ArrayList<>();

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
              + (databases.isEmpty() ? "<db>" : databases.getFirst())
              + "\" instead.");
    }
    var wanted = wanted();
    var chosen = TunnelFormat.parse(format);
    chosen.check(wanted.size());
    door.check();
    if (anywhere && !door.strict() && backgroundAs == null) {
      tsh.console()
          .err()
          .println(
              "WARNING: with --insecure-listen-anywhere whoever reaches the port can use the"
                  + " database as you; --strict makes them need a key.");
    }
    if (background) {
      startInBackground(wanted, chosen);
    } else {
      serve(wanted, chosen);
    }
  }

  private List<TunnelPlans.Wanted> wanted() {
    if (!ports.isEmpty() && !listen.isEmpty()) {
      throw new CommandFailure("--port and --listen exclude each other");
    }
    var count = Math.max(1, databases.size());
    var addresses = new ArrayList<InetSocketAddress>();
    ports.forEach(port -> addresses.add(ListenAddress.ofPort(port)));
    listen.forEach(text -> addresses.add(ListenAddress.ofListen(text, anywhere)));
    if (addresses.isEmpty()) {
      for (int i = 0; i < count; i++) {
        addresses.add(ListenAddress.ofPort(0));
      }
    }
    if (addresses.size() != count) {
      throw new CommandFailure(
          "%s is given %d times for %d databases (expected: once for each, or never)"
              .formatted(listen.isEmpty() ? "--port" : "--listen", addresses.size(), count));
    }
    if (dbUsers.size() > 1 && dbUsers.size() != count) {
      throw new CommandFailure(
          "--db-user is given %d times for %d databases (expected: once for each, or once for all)"
              .formatted(dbUsers.size(), count));
    }
    var wanted = new ArrayList<TunnelPlans.Wanted>();
    for (int i = 0; i < count; i++) {
      wanted.add(
          new TunnelPlans.Wanted(
              databases.isEmpty() ? Optional.empty() : Optional.of(databases.get(i)),
              dbUsers.isEmpty()
                  ? Optional.empty()
                  : Optional.of(dbUsers.get(dbUsers.size() == 1 ? 0 : i)),
              addresses.get(i)));
    }
    return wanted;
  }

  private void serve(List<TunnelPlans.Wanted> wanted, TunnelFormat chosen) {
    var plans =
        backgroundAs == null
            ? TunnelPlans.make(tsh, databaseOptions, wanted)
            : TunnelPlans.resumed(tsh, Handover.read(tsh.console().in()), wanted, backgroundAs);
    var key = door.key();
    var renewals = chosen instanceof TunnelFormat.Text ? tsh.console().out() : tsh.console().err();
    var set =
        TunnelSet.open(
            plans,
            door.admission(tsh, anywhere, key),
            key,
            (_, renewed) -> renewals.println(TunnelPlans.renewedLine(tsh, renewed)),
            new SecureRandom());
    var end = new CountDownLatch(1);
    if (backgroundAs == null) {
      announce(chosen, set.infos());
      tsh.foreground().stay(end, set::close);
      return;
    }
    var started = tsh.console().clock().instant();
    var control =
        ControlSocket.open(
            BackgroundFolder.of(tsh.console()),
            backgroundAs,
            () -> new BackgroundStatus(ProcessHandle.current().pid(), started, set.infos()).text(),
            end::countDown);
    tsh.foreground()
        .stay(
            end,
            () -> {
              set.close();
              control.close();
            });
  }

  private void startInBackground(List<TunnelPlans.Wanted> wanted, TunnelFormat chosen) {
    // Here, where somebody can be asked for a second factor.
    var handover = TunnelPlans.handover(TunnelPlans.make(tsh, databaseOptions, wanted));
    var arguments = new ArrayList<String>();
    var own =
        spec == null
            ? List.<String>of()
            : spec.root().commandLine().getParseResult().originalArgs();
    own.stream().filter(argument -> !argument.equals(BACKGROUND)).forEach(arguments::add);
    var started =
        new BackgroundStart(tsh.console(), BackgroundFolder.of(tsh.console()))
            .start(TshMain.class.getName(), arguments, handover);
    var status = started.status().flatMap(BackgroundStatus::read);
    if (status.isEmpty()) {
      throw new CommandFailure("the tunnel " + started.id() + " ended right after its start");
    }
    announce(chosen, status.get().tunnels());
    if (chosen instanceof TunnelFormat.Text) {
      tsh.console()
          .out()
          .println(
              "\nIt goes on in the background. To stop it:\n  $ tsh proxy stop " + started.id());
    }
  }

  private void announce(TunnelFormat chosen, List<TunnelInfo> infos) {
    var random =
        listen.isEmpty() && (ports.isEmpty() || ports.stream().anyMatch(port -> port == 0));
    var out = tsh.console().out();
    out.print(chosen.print(infos, random, tsh.console().env()));
    out.flush();
  }
}
