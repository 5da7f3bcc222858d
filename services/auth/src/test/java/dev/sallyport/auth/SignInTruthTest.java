package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Secret;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks of several conditions: only all of them together let in, and each that fails refuses,
/// whatever the others are.
final class SignInTruthTest {
  private static final String ADDRESS = "192.0.2.1";

  @TempDir Path folder = Path.of("never");

  @Test
  void onlyPasswordCodeAndAnOpenUserTogetherSignIn() throws Exception {
    try (var cluster = new Cluster(folder, Optional.of(Cluster.factors(true, false)))) {
      var app = invited(cluster, "alice", Duration.ZERO);
      var keys = KeyPairs.generate();
      for (var open : List.of(true, false)) {
        status(cluster, open);
        for (var password : List.of(true, false)) {
          for (var code : List.of(true, false)) {
            cluster.pass(Duration.ofMinutes(1));
            var request =
                new LoginRequest(
                    "alice",
                    Secret.of(password ? Cluster.PASSWORD : "another password"),
                    Optional.of(code ? app.code() : app.wrongCode()),
                    Pem.encode(keys.getPublic()),
                    Optional.empty(),
                    ADDRESS);
            var as = "open %s, password %s, code %s".formatted(open, password, code);
            if (open && password && code) {
              assertThatCode(() -> cluster.proxy().login(request))
                  .as(as)
                  .doesNotThrowAnyException();
              assertThatThrownBy(() -> cluster.proxy().login(request))
                  .as(as + ", again")
                  .isNotNull();
            } else {
              assertThatThrownBy(() -> cluster.proxy().login(request)).as(as).isNotNull();
            }
          }
        }
      }
    }
  }

  /// Each line of the table is a link for which one condition alone does not hold.
  @Test
  void linkIsAcceptedOnlyIfNothingIsWrongWithIt() throws Exception {
    try (var cluster = new Cluster(folder, Optional.of(Cluster.factors(true, false)))) {
      invited(cluster, "right", Duration.ZERO);
      refused("too late", () -> invited(cluster, "late", Duration.ofHours(1)));
      var admin = cluster.admin();
      var proxy = cluster.proxy();
      refused(
          "without a device",
          () -> {
            var link = link(cluster, "bare");
            proxy.setPassword(link, new SetPasswordRequest(Secret.of(Cluster.PASSWORD), ADDRESS));
          });
      refused("with a short password", () -> accept(cluster, link(cluster, "short"), "short"));
      refused(
          "of another link's device",
          () -> {
            var begun = proxy.enroll(link(cluster, "one"), new EnrollRequest("totp", ADDRESS));
            var device = App.of(begun, cluster.clock).answer(begun, "phone");
            proxy.setPassword(
                link(cluster, "other"),
                new SetPasswordRequest(Secret.of(Cluster.PASSWORD), ADDRESS, Optional.of(device)));
          });
      refused(
          "replaced by a newer one",
          () -> {
            var link = link(cluster, "newer");
            admin.resetUser("newer", new ResetUserRequest(Optional.empty()));
            accept(cluster, link, Cluster.PASSWORD);
          });
      refused(
          "of a user who is gone",
          () -> {
            var link = link(cluster, "gone");
            admin.delete(Kind.USER, "gone");
            accept(cluster, link, Cluster.PASSWORD);
          });
      refused(
          "used",
          () -> {
            var link = link(cluster, "used");
            try {
              accept(cluster, link, Cluster.PASSWORD);
            } catch (RuntimeException e) {
              throw new AssertionError("the first use must work", e);
            }
            accept(cluster, link, Cluster.PASSWORD);
          });
    }
  }

  private interface Try {
    void run() throws IOException;
  }

  private static void refused(String why, Try attempt) {
    assertThatThrownBy(attempt::run)
        .as(why)
        .isInstanceOf(dev.sallyport.control.ControlException.class);
  }

  private static void status(Cluster cluster, boolean open) throws IOException {
    var admin = cluster.admin();
    var status = new UserStatus(!open, Optional.empty(), Optional.of("on leave"), Optional.empty());
    admin.update(((User) admin.get(Kind.USER, "alice")).withStatus(status));
    assertThat(((User) admin.get(Kind.USER, "alice")).status().locked()).isEqualTo(!open);
  }

  private static String link(Cluster cluster, String user) throws IOException {
    return Cluster.token(
        cluster
            .admin()
            .createUser(
                new CreateUserRequest(user, List.of("access"), Map.of(), Optional.empty())));
  }

  private static App invited(Cluster cluster, String user, Duration waits) throws IOException {
    var link = link(cluster, user);
    cluster.pass(waits);
    return accept(cluster, link, Cluster.PASSWORD);
  }

  private static App accept(Cluster cluster, String link, String password) throws IOException {
    var proxy = cluster.proxy();
    var begun = proxy.enroll(link, new EnrollRequest("totp", ADDRESS));
    var app = App.of(begun, cluster.clock);
    proxy.setPassword(
        link,
        new SetPasswordRequest(Secret.of(password), ADDRESS, Optional.of(app.answer(begun, "p"))));
    return app;
  }
}
