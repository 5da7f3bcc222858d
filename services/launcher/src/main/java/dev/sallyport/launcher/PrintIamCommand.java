package dev.sallyport.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport db configure aws print-iam`: the IAM policy that the host of a Database Service needs,
/// with how to attach it, or alone for a script. Asks nobody and changes nothing.
@Command(name = "print-iam", description = "Prints the IAM policy that a Database Service needs.")
final class PrintIamCommand implements Callable<Integer> {
  private static final String NAME = "DatabaseAccess";

  private final Surroundings around;

  @Option(
      names = {"-r", "--types"},
      required = true,
      split = ",",
      paramLabel = "TYPE",
      description = "dynamodb.")
  private List<String> types = new ArrayList<>();

  @Option(names = "--role", paramLabel = "ROLE", description = "Name or ARN of the agent's role.")
  private @Nullable String role;

  @Option(names = "--user", paramLabel = "USER", description = "Name or ARN of the agent's user.")
  private @Nullable String user;

  @Option(names = "--policy", description = "The policy alone, as JSON.")
  private boolean policyOnly;

  @Option(names = "--boundary", description = "The boundary alone, as JSON.")
  private boolean boundaryOnly;

  @Option(
      names = "--assumes-roles",
      split = ",",
      paramLabel = "ROLE",
      description = "Names or ARNs of the roles that users may ask for.")
  private List<String> assumes = new ArrayList<>();

  PrintIamCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws StartFailure {
    for (var type : types) {
      if (!type.strip().toLowerCase(Locale.ROOT).equals("dynamodb")) {
        throw new StartFailure(
            "--types: \"%s\" is not supported, supported are: [dynamodb]".formatted(type));
      }
    }
    if (role != null && user != null) {
      throw new StartFailure("only one of --role and --user can be given");
    }
    if (policyOnly && boundaryOnly) {
      throw new StartFailure("only one of --policy and --boundary can be given");
    }
    var target = Optional.ofNullable(role == null ? user : role);
    var policy =
        AssumePolicy.of(
            assumes, target.isPresent() ? AssumePolicy.Own.of(target.get()) : Optional.empty());
    // The boundary grants nothing by itself; it bounds what any policy can, to the same.
    around.out().print(policyOnly || boundaryOnly ? policy.json() : steps(policy, target));
    return 0;
  }

  private String steps(AssumePolicy policy, Optional<String> target) {
    var kind = role == null && user != null ? "user" : "role";
    var whom = target.map(name -> kind + " " + name).orElse("the role of the agent's host");
    return """
    1. Create the IAM policy "%s":
    %s
    2. Create the IAM policy "%sBoundary":
    %s
    3. Attach "%s" to %s, and set "%sBoundary" as its permissions boundary.
    """
        .formatted(NAME, policy.json(), NAME, policy.json(), NAME, whom, NAME);
  }
}
