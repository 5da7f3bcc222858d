package dev.sallyport.tctl;

import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tctl update db/orders --set-labels=env=prod --set-ttl=30d`: another set of labels, or another
/// end, and nothing else.
@Command(name = "update", description = "Changes labels or the expiry of a resource.")
final class UpdateCommand implements Callable<Integer> {
  private static final List<Kind> SUPPORTED =
      List.of(Kind.DB, Kind.ROLE, Kind.TOKEN, Kind.USER, Kind.GITHUB, Kind.OIDC, Kind.SAML);

  private final Tool tool;

  @Parameters(paramLabel = "KIND/NAME")
  String reference = "";

  @Option(names = "--set-labels", description = "all labels from now on: k=v,k2=v2; empty: none")
  @Nullable String labels;

  @Option(names = "--set-ttl", description = "how long it lasts from now on, such as 24h")
  @Nullable String ttl;

  @Option(names = "--confirm", description = "also so that no administrator is left")
  boolean confirm;

  UpdateCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    ResourceReference.One target = ResourceReference.parse(reference).requireOne();
    if (!SUPPORTED.contains(target.kind())) {
      throw new CommandFailed(
          "updating resources of type \"%s\" is not supported, supported are: %s"
              .formatted(
                  target.kind().wireName(), SUPPORTED.stream().map(Kind::wireName).toList()));
    }
    Optional<Map<String, String>> newLabels =
        Optional.ofNullable(labels).map(text -> LabelOption.parse("--set-labels", text));
    Optional<Duration> life = TtlOption.parse("--set-ttl", ttl);
    if (newLabels.isEmpty() && life.isEmpty()) {
      throw new CommandFailed("Nothing to update. Please provide at least one --set flag.");
    }
    return tool.withApi(api -> {
      // A token is found by its name, which only reading with secrets gives back.
      var found = api.get(target.kind(), target.name(), target.kind() == Kind.TOKEN);
      Metadata changed = newLabels.map(found.metadata()::withLabels).orElse(found.metadata());
      var end = life.map(tool.invocation().clock().instant()::plus);
      if (end.isPresent()) {
        changed = changed.withExpires(end);
      }
      api.update(found.withMetadata(changed), new WriteMode(false, confirm, false));
      tool.out().println(Described.of(found) + " has been updated");
      return 0;
    });
  }
}
