package dev.sallyport.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `teleport db configure …`: what prepares the host of a Database Service.
final class DbCommand {
  private DbCommand() {}

  static CommandLine of(Surroundings around) {
    var aws = new CommandLine(new Aws()).addSubcommand(new PrintIamCommand(around));
    var configure =
        new CommandLine(new Configure())
            .addSubcommand(new DbConfigureCreate(around))
            .addSubcommand(aws);
    return new CommandLine(new Db()).addSubcommand(configure);
  }

  @Command(name = "db", description = "Prepares the host of a Database Service.")
  private static final class Db implements Callable<Integer> {
    @Override
    public Integer call() throws StartFailure {
      throw new StartFailure("which command of teleport db? configure");
    }
  }

  @Command(name = "configure", description = "Writes what a Database Service needs.")
  private static final class Configure implements Callable<Integer> {
    @Override
    public Integer call() throws StartFailure {
      throw new StartFailure("which command of teleport db configure? One of create, aws");
    }
  }

  @Command(name = "aws", description = "What a Database Service needs in AWS.")
  private static final class Aws implements Callable<Integer> {
    @Override
    public Integer call() throws StartFailure {
      throw new StartFailure("which command of teleport db configure aws? print-iam");
    }
  }
}
