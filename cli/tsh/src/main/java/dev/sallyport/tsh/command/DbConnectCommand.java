package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.tsh.ProgramRun;
import dev.sallyport.tsh.Tsh;
import dev.sallyport.tsh.running.ClientEnvironment;
import dev.sallyport.tsh.running.TunnelSet;
import java.io.File;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tsh db connect`: a shell, or one program, whose AWS clients use the database, for as long as it
/// runs. What it says of itself goes to standard error: the output is the program's.
@Command(name = "connect", description = "Run a shell or a program with a tunnel to a database.")
public final class DbConnectCommand implements Callable<Integer> {
  private static final String END_OF_OPTIONS = "--";

  private final Tsh tsh;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-u", "--db-user"},
      paramLabel = "ROLE",
      description = "AWS role to use the database as.")
  private @Nullable String dbUser;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port on 127.0.0.1; a free one when not given.")
  private int port;

  @Mixin private DatabaseOptions options = new DatabaseOptions();

  @Mixin private DoorOptions door = new DoorOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "[DATABASE] [-- PROGRAM [ARGUMENT...]]",
      hideParamSyntax = true,
      description = "Name of the database; and what to run instead of a shell.")
  private List<String> words = new ArrayList<>();

  /// A part of tsh.
  public DbConnectCommand(Tsh tsh) {
    this.tsh = tsh;
  }

  @Override
  public Integer call() {
    door.check();
    var program = program();
    var names = words.subList(0, words.size() - program.size());
    if (names.size() > 1) {
      throw new CommandFailure(
          "a program to run stands after --: tsh db connect "
              + names.getFirst()
              + " -- "
              + String.join(" ", names.subList(1, names.size())));
    }
    var plans =
        TunnelPlans.make(
            tsh,
            options,
            List.of(
                new TunnelPlans.Wanted(
                    names.stream().findFirst(),
                    Optional.ofNullable(dbUser),
                    ListenAddress.ofPort(port))));
    var key = door.key();
    var set =
        TunnelSet.open(
            plans, door.admission(tsh, false, key), key, (_, _) -> {}, new SecureRandom());
    var tunnel = set.infos().getFirst();
    var environment = ClientEnvironment.of(tunnel, tsh.console().env());
    if (program.isEmpty()) {
      tsh.console()
          .err()
          .printf(
              "Connected to \"%s\" as %s at %s. AWS clients in this shell use it; leave with"
                  + " exit.%n",
              tunnel.database(), tunnel.dbUser(), tunnel.endpoint());
      tsh.console().err().flush();
    }
    return ProgramRun.run(
        program.isEmpty() ? List.of(shell()) : program,
        environment.over(tsh.console().env()),
        set::close);
  }

  /// What stands after the first `--`.
  private List<String> program() {
    var arguments =
        spec == null
            ? List.<String>of()
            : spec.root().commandLine().getParseResult().originalArgs();
    var at = arguments.indexOf(END_OF_OPTIONS);
    return at < 0 ? List.of() : arguments.subList(at + 1, arguments.size());
  }

  private String shell() {
    return File.separatorChar == '\\'
        ? tsh.console().variable("ComSpec").orElse("cmd.exe")
        : tsh.console().variable("SHELL").orElse("/bin/sh");
  }
}
