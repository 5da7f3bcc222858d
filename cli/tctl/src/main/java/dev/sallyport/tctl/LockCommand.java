package dev.sallyport.tctl;

import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.Metadata;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tctl lock --user=alice --message="left the company" --ttl=10h`: keeps out whoever has all of
/// the targets. `tctl rm lock/<name>` lets them in again.
@Command(name = "lock", description = "Locks out a user, a role, a device, a host or a session.")
final class LockCommand implements Callable<Integer> {
  private final Tool tool;
  private final Map<LockPart, String> targets = new EnumMap<>(LockPart.class);

  @Option(names = "--message", description = "what those are told whom it hits")
  @Nullable String message;

  @Option(names = "--ttl", description = "how long it holds, such as 10h (default: until removed)")
  @Nullable String ttl;

  @Option(names = "--expires", description = "when it ends, such as 2030-01-01T00:00:00Z")
  @Nullable String expires;

  @Option(names = "--confirm", description = "also so that no administrator is left")
  boolean confirm;

  LockCommand(Tool tool) {
    this.tool = tool;
  }

  @Option(names = "--user", description = "name of a user")
  void user(String value) {
    targets.put(LockPart.USER, value);
  }

  @Option(names = "--role", description = "name of a role: everybody whose certificate has it")
  void role(String value) {
    targets.put(LockPart.ROLE, value);
  }

  @Option(names = "--login", description = "login name of a machine; hits nobody here")
  void login(String value) {
    targets.put(LockPart.LOGIN, value);
  }

  @Option(names = "--mfa-device", description = "id of a second factor")
  void mfaDevice(String value) {
    targets.put(LockPart.MFA_DEVICE, value);
  }

  @Option(names = "--device", description = "id of a trusted device; hits nobody here")
  void device(String value) {
    targets.put(LockPart.DEVICE, value);
  }

  @Option(names = "--server-id", description = "host id of an agent or a Proxy")
  void serverId(String value) {
    targets.put(LockPart.SERVER_ID, value);
  }

  @Option(names = "--windows-desktop", description = "name of a desktop; hits nobody here")
  void windowsDesktop(String value) {
    targets.put(LockPart.WINDOWS_DESKTOP, value);
  }

  @Option(names = "--access-request", description = "id of an access request; hits nobody yet")
  void accessRequest(String value) {
    targets.put(LockPart.ACCESS_REQUEST, value);
  }

  @Option(names = "--bot-instance-id", description = "id of a bot's instance; hits nobody here")
  void botInstanceId(String value) {
    targets.put(LockPart.BOT_INSTANCE_ID, value);
  }

  @Option(names = "--join-token", description = "name of a join token: nothing joins by it")
  void joinToken(String value) {
    targets.put(LockPart.JOIN_TOKEN, value);
  }

  @Option(names = "--session", description = "a sign-in or a tunnel, by the sid of audit events")
  void session(String value) {
    targets.put(LockPart.SESSION, value);
  }

  @Override
  public Integer call() {
    if (targets.isEmpty()) {
      throw new CommandFailed(
          "at least one target must be specified, such as --user=alice; 'tctl lock --help' lists"
              + " them");
    }
    var metadata = Metadata.named(UUID.randomUUID().toString()).withExpires(end());
    Lock lock =
        new Lock(
            metadata,
            target(),
            Optional.ofNullable(message).filter(text -> !text.isBlank()),
            Optional.empty(),
            Optional.empty());
    var made = tool.withApi(api -> api.create(lock, new WriteMode(false, confirm, false)));
    for (LockPart part : targets.keySet()) {
      if (!part.effective()) {
        tool.invocation()
            .err()
            .printf("WARNING: nothing here has a %s, so this lock hits nobody.%n", part.wireName());
      }
    }
    tool.out().printf("Created a lock with name \"%s\".%n", made.resourceName());
    return 0;
  }

  private LockTarget target() {
    try {
      return new LockTarget(targets);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Instant> end() {
    Optional<Duration> length = TtlOption.parse(ttl);
    String time = expires;
    if (time == null) {
      return length.map(tool.invocation().clock().instant()::plus);
    }
    if (length.isPresent()) {
      throw new CommandFailed("use only one of --ttl and --expires");
    }
    try {
      return Optional.of(OffsetDateTime.parse(time).toInstant());
    } catch (DateTimeException e) {
      throw new CommandFailed(
          "--expires: \"%s\" (expected: a time such as 2030-01-01T00:00:00Z)".formatted(time), e);
    }
  }
}
