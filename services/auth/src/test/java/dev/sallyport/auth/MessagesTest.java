package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Refusals of the Auth Service that scripts match, letter by letter.
final class MessagesTest {
  private static final String TOKEN = "canary-0123456789abcdef";

  @TempDir Path folder = Path.of("never");

  private record Refusal(ThrowingCallable call, String message) {}

  @Test
  void eachRefusalHasItsWords() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var admin = cluster.admin();
      cluster.user("alice", "access");
      admin.create(Cluster.devRole("dev"), false);
      admin.createToken(token());
      var refusals =
          List.of(
              new Refusal(
                  () -> admin.delete(Kind.ROLE, "access"),
                  "failed to delete a role that is still in use by a user, check the system server"
                      + " logs for more details"),
              new Refusal(
                  () -> admin.createToken(token()),
                  "failed to create token (\"*****************abcdef\" already exists), please use"
                      + " another name"),
              new Refusal(
                  () -> admin.create(Cluster.devRole("dev"), WriteMode.PLAIN),
                  "role \"dev\" already exists"),
              new Refusal(
                  () -> admin.createUser(user("alice", "access", Optional.empty())),
                  "user \"alice\" already exists"),
              new Refusal(
                  () -> admin.createUser(user("bob", "none", Optional.empty())),
                  "role none is not found"),
              new Refusal(
                  () ->
                      admin.updateUser(
                          "alice",
                          new UpdateUserRequest(Optional.of(List.of("none")), Optional.empty())),
                  "role none is not found"),
              new Refusal(() -> admin.get(Kind.USER, "bob"), "user \"bob\" not found"),
              new Refusal(() -> admin.get(Kind.ROLE, "none"), "role none is not found"),
              new Refusal(() -> admin.delete(Kind.ROLE, "none"), "role none is not found"),
              new Refusal(
                  () -> admin.createUser(user("bob", "access", Optional.of(Duration.ofHours(49)))),
                  "ttl: 2940 minutes (expected: 1 minute to 48 hours)"),
              new Refusal(
                  () ->
                      admin.resetUser(
                          "alice", new ResetUserRequest(Optional.of(Duration.ofHours(25)))),
                  "ttl: 1500 minutes (expected: 1 minute to 24 hours)"));
      for (var refusal : refusals) {
        assertThatThrownBy(refusal.call()).hasMessage(refusal.message());
      }
      // None of them left anything behind.
      assertThatThrownBy(() -> admin.get(Kind.USER, "bob")).hasMessage("user \"bob\" not found");
    }
  }

  private static CreateUserRequest user(String name, String role, Optional<Duration> ttl) {
    return new CreateUserRequest(name, List.of(role), Map.of(), ttl);
  }

  private static CreateTokenRequest token() {
    return new CreateTokenRequest(
        List.of("Db"),
        Optional.of(Duration.ofHours(1)),
        Optional.of(Secret.of(TOKEN)),
        List.of(ProvisionToken.ANY_DATABASE),
        Optional.empty());
  }
}
