package dev.sallyport.tctl;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Origin;
import dev.sallyport.model.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl create [-f] [FILE]`: stores the resources of a file or of standard input, in order, up to
/// the first that is refused. What can be known beforehand stops all of them: a fault in any
/// document, and a refusal that no document before it could lift.
@Command(name = "create", description = "Creates resources from a YAML file or standard input.")
final class CreateCommand implements Callable<Integer> {
  /// How many resources are told by name when a back-up of thousands stops in the middle.
  private static final int NAMED_MAX = 20;

  private final Tool tool;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "absent: standard input")
  @Nullable Path file;

  @Option(
      names = {"-f", "--force"},
      description = "overwrite what exists")
  boolean force;

  @Option(
      names = "--confirm",
      description = "also what the config file sets, or so that no administrator is left")
  boolean confirm;

  @Option(names = "--dry-run", description = "show what would change, and change nothing")
  boolean dryRun;

  CreateCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    List<Resource> resources =
        writable(
            Documents.read(
                file,
                tool.invocation().in(),
                warning -> tool.invocation().err().println("WARNING: " + warning)));
    WriteMode dry = new WriteMode(force, confirm, true);
    return tool.withApi(api -> {
      if (dryRun) {
        new Preview(api, tool.out()).show(resources, dry);
        return 0;
      }
      if (resources.size() > 1) {
        check(api, resources, dry);
      }
      for (int i = 0; i < resources.size(); i++) {
        create(api, resources, i);
      }
      return 0;
    });
  }

  /// A back-up names the authorities too, which are nobody's to write: they would stop the rest. In
  /// a file that has nothing else they stay, so that their refusal is told.
  private List<Resource> writable(List<Resource> resources) {
    List<Resource> others =
        resources.stream().filter(resource -> resource.kind() != Kind.CERT_AUTHORITY).toList();
    if (others.isEmpty() || others.size() == resources.size()) {
      return resources;
    }
    tool.invocation()
        .err()
        .printf(
            "NOTE: %s of kind cert_authority left out: the Auth Service makes its own keys, and"
                + " only its data_dir brings old ones back.%n",
            resources.size() - others.size() == 1
                ? "1 document"
                : "%d documents".formatted(resources.size() - others.size()));
    return others;
  }

  /// Asks about every document that none before it can help.
  private void check(AdminApi api, List<Resource> resources, WriteMode dry) {
    for (int i = 0; i < resources.size(); i++) {
      if (Preview.dependsOnEarlier(resources, i)) {
        continue;
      }
      try {
        api.create(resources.get(i), dry);
      } catch (ControlException e) {
        throw new CommandFailed(
            "%s%s (document %d of %d; nothing was applied)"
                .formatted(e.reason(), hint(e), i + 1, resources.size()),
            e);
      }
    }
  }

  private void create(AdminApi api, List<Resource> resources, int index) {
    Resource resource = resources.get(index);
    try {
      boolean existed = force && exists(api, resource);
      api.create(resource, new WriteMode(force, confirm, false));
      tool.out()
          .println(Described.of(resource) + (existed ? " has been updated" : " has been created"));
      note(resource.kind());
    } catch (ControlException e) {
      throw new CommandFailed(e.reason() + hint(e) + rest(resources, index), e);
    }
  }

  private String hint(ControlException e) {
    return e.kind() == ErrorKind.ALREADY_EXISTS && !force ? ", use -f or --force to overwrite" : "";
  }

  /// What of several documents is there now, and what is not.
  private static String rest(List<Resource> resources, int failed) {
    if (resources.size() == 1) {
      return "";
    }
    return "%nApplied before it: %s.%nNot applied: %s."
        .formatted(
            names(resources.subList(0, failed)),
            names(resources.subList(failed, resources.size())));
  }

  private static String names(List<Resource> resources) {
    if (resources.isEmpty()) {
      return "nothing";
    }
    var named =
        resources.stream().limit(NAMED_MAX).map(Described::of).collect(Collectors.joining(", "));
    var others = resources.size() - NAMED_MAX;
    return others > 0 ? "%s and %d more".formatted(named, others) : named;
  }

  private void note(Kind kind) {
    switch (kind) {
      case GITHUB, OIDC, SAML ->
          tool.invocation()
              .err()
              .println("NOTE: the connector is kept, but nobody can sign in with it yet.");
      case ROLE, USER, TOKEN, DB, DB_SERVER, CERT_AUTHORITY, CLUSTER_AUTH_PREFERENCE, LOCK -> {}
    }
  }

  /// What stands there because nobody made it does not count.
  private static boolean exists(AdminApi api, Resource resource) {
    try {
      Resource found = api.get(resource.kind(), resource.resourceName(), false);
      return !(found instanceof AuthPreference)
          || Origin.of(found.metadata()).filter(Origin.DEFAULTS::equals).isEmpty();
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.NOT_FOUND || e.kind() == ErrorKind.ACCESS_DENIED) {
        return false;
      }
      throw e;
    }
  }
}
