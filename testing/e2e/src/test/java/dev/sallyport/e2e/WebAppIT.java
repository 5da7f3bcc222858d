package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The pages of the web app in a real Chromium, against a real cluster: what invited users, people
 * with codes, with keys and with passkeys do, and a sign-in of tsh. A machine without Chromium and
 * ChromeDriver skips it.
 */
@EnabledIf("browserInstalled")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WebAppIT {
  private static final Pattern LINK = Pattern.compile("https://\\S+/web/(invite|reset)/\\S+");
  private static final Pattern PAGE = Pattern.compile("https://\\S+/web/login\\?console=\\S+");
  private static final String NEW_PASSWORD = "another horse, another staple";

  private final InstantSource clock = InstantSource.system();
  private final Path folder;
  private final GuideSite guide;
  private @Nullable Browser opened;
  private @Nullable AuthenticatorApp app;

  WebAppIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.guide = new GuideSite(folder);
  }

  static boolean browserInstalled() {
    return Browser.installed();
  }

  @BeforeAll
  void start() throws IOException {
    Path file = folder.resolve("cluster.yaml");
    guide.site.write(
        "cluster.yaml",
        Files.readString(file)
            .replace(
                "proxy_service:",
                """
                  authentication:
                    type: local
                    second_factors: [webauthn, otp]
                    webauthn:
                      rp_id: localhost
                proxy_service:\
                """));
    guide.startCluster();
    guide.createRole();
    guide.joinAgent();
    opened =
        Browser.start(
            folder.resolve("browser"), folder.resolve("proxy.crt"), Path.of("target", "pictures"));
    browser().plugInKey();
  }

  @AfterAll
  void stop() {
    if (opened != null) {
      opened.close();
    }
    guide.close();
  }

  /** No page runs into its own policy, breaks, or asks anybody else for anything. */
  @AfterEach
  void thePageIsClean() {
    String here = "https://" + guide.site.proxyAddress() + "/";
    assertThat(browser().loaded()).allMatch(address -> address.toString().startsWith(here));
    assertThat(browser().complaints())
        .allMatch(complaint -> complaint.contains("the server responded with a status of 4"));
  }

  private Browser browser() {
    return Objects.requireNonNull(opened, "not started");
  }

  private String page(String path) {
    return "https://" + guide.site.proxyAddress() + path;
  }

  private String link(String... command) throws IOException {
    return find(LINK, guide.site.tctl(command).orFail().output());
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).describedAs(text).isTrue();
    return matcher.group();
  }

  private void newPassword(String password) {
    browser().type("New password", password);
    browser().type("New password, once more", password);
  }

  @Test
  @Order(1)
  void anInvitedUserChoosesAPasswordAndAPasskeyAndSignsInWithThePasskeyAlone() throws Exception {
    browser().open(link("users", "add", "alice", "--roles=access,editor,aws-dynamodb-access"));
    browser().awaitHeading("Welcome");
    newPassword("short");
    browser().choose("Passkey");
    browser().press("Save");
    browser().awaitText("12 characters");
    browser().picture("invite");
    newPassword(Site.PASSWORD);
    browser().press("Save");
    browser().awaitHeading("You can sign in now");
    browser().picture("invite-done");

    browser().open(page("/web/login"));
    browser().awaitHeading("Sign in");
    browser().picture("login");
    browser().press("Sign in with a passkey");
    browser().awaitHeading("Databases");
    browser().awaitText(GuideSite.DATABASE);
    assertThat(browser().text())
        .contains("tsh login --proxy=" + guide.site.proxyAddress())
        .contains("--db-user=" + GuideSite.IAM_ROLE);
    browser().picture("databases");
  }

  @Test
  @Order(2)
  void theSecondFactorsOfAnAccountAreAddedAndRemoved() throws Exception {
    browser().press("Account");
    browser().awaitHeading("Account");
    browser().press("Add a second factor");
    browser().choose("Authenticator app");
    browser().type("What you call it", "phone");
    browser().press("Continue");
    browser().press("Use a security key or passkey");
    browser().press("Can't scan it?");
    app = new AuthenticatorApp(browser().read("code.key"));
    browser().picture("add-app");
    browser().type("Code from your authenticator app", app().code(clock.instant()));
    browser().press("Add");
    browser().awaitText("The second factor was added.");
    browser().picture("account");
    assertThat(guide.site.tctl("get", "user/alice").orFail().output()).contains("alice");

    browser().press("Remove phone");
    browser().press("Use a security key or passkey");
    browser().awaitText("“phone” was removed.");
    browser().press("Sign out");
    browser().awaitHeading("Sign in");
  }

  @Test
  @Order(3)
  void anInvitedUserSetsUpAnAppAndSignsInWithItsCodes() throws Exception {
    browser().open(link("users", "add", "bob", "--roles=access"));
    browser().awaitHeading("Welcome");
    newPassword(Site.PASSWORD);
    browser().choose("Authenticator app");
    browser().press("Continue");
    browser().awaitHeading("Set up your app");
    browser().press("Can't scan it?");
    app = new AuthenticatorApp(browser().read("code.key"));
    browser().type("Code from your authenticator app", app().code(clock.instant()));
    browser().press("Finish");
    browser().awaitHeading("You can sign in now");

    browser().open(page("/web/login"));
    browser().type("User name", "bob");
    browser().type("Password", "not the password");
    browser().press("Sign in");
    browser().type("Code from your authenticator app", nextCode());
    browser().press("Sign in");
    browser().awaitText("Invalid username, password or second factor");
    browser().type("Password", Site.PASSWORD);
    browser().press("Sign in");
    browser().awaitText("Confirm that it is you");
    browser().picture("code");
    browser().type("Code from your authenticator app", nextCode());
    browser().press("Sign in");
    browser().awaitHeading("Databases");
    browser().awaitText("Your roles name no database user here");
    browser().press("Sign out");
    browser().awaitHeading("Sign in");
  }

  private AuthenticatorApp app() {
    return Objects.requireNonNull(app, "no app was set up");
  }

  /** A code that was not used to set up the app: each is good for once. */
  private String nextCode() {
    return app().code(clock.instant().plus(Duration.ofSeconds(30)));
  }

  @Test
  @Order(4)
  void aSignInOfTshIsApprovedInTheBrowser() throws Exception {
    try (RunningProcess tsh = signIn()) {
      browser().open(find(PAGE, tsh.awaitLine(PAGE.pattern()).group()));
      browser().awaitHeading("Sign in to your terminal");
      assertThat(browser().text()).contains("For user", "alice", "127.0.0.1");
      browser().type("Password", Site.PASSWORD);
      browser().press("Continue");
      browser().press("Use a security key or passkey");
      browser().awaitText("The program gets a login as alice.");
      browser().picture("console");
      browser().press("Approve");
      assertThat(tsh.awaitExit(Installation.PATIENCE)).describedAs(tsh.transcript()).contains(0);
    }
    CommandResult status = guide.alice.tsh("status").orFail();
    assertThat(status.output()).contains("Logged in as:", "alice");
    assertThat(guide.alice.tsh("db", "ls").orFail().output()).contains(GuideSite.DATABASE);
    assertThat(guide.alice.tsh("mfa", "ls").orFail().output()).contains("WebAuthn");
  }

  /** The second factor is asked for where the command stands, before it goes to the background. */
  @Test
  @Order(5)
  void aTunnelInTheBackgroundIsConfirmedInTheBrowser() throws Exception {
    Path role = folder.resolve("aws-dynamodb-access.yaml");
    String text = Files.readString(role);
    String strict = text.replace("spec:", "spec:\n  options: {require_session_mfa: true}");
    guide.site.tctl("create", "-f", guide.site.write("confirmed.yaml", strict).toString()).orFail();
    try (RunningProcess tsh = startInBackground()) {
      browser().open(find(PAGE, tsh.awaitLine(PAGE.pattern()).group()));
      browser().awaitHeading("Confirm your second factor");
      assertThat(browser().text()).contains("tsh proxy db " + GuideSite.DATABASE);
      browser().press("Use your second factor");
      browser().press("Use a security key or passkey");
      browser().awaitText("It confirms a second factor of alice.");
      browser().press("Approve");
      assertThat(tsh.awaitExit(Installation.PATIENCE)).describedAs(tsh.transcript()).contains(0);
      String tunnel = find(Pattern.compile("http://localhost:\\d+"), tsh.transcript());
      try (DynamoDbClient client = SdkClients.dynamoDb(URI.create(tunnel))) {
        assertThat(client.listTables().tableNames()).isNotEmpty();
      }
    } finally {
      guide.alice.tsh("proxy", "stop", "--all");
      guide.createRole();
    }
  }

  private RunningProcess startInBackground() throws IOException {
    return guide.alice.start(
        "--mfa-mode=cross-platform",
        "--browser=none",
        "proxy",
        "db",
        "--tunnel",
        "--background",
        "-f",
        "json",
        "--db-user=" + GuideSite.IAM_ROLE,
        GuideSite.DATABASE);
  }

  @Test
  @Order(6)
  void aSignInOfTshThatIsRejectedGivesNothing() throws Exception {
    guide.alice.tsh("logout").orFail();
    try (RunningProcess tsh = signIn()) {
      browser().open(find(PAGE, tsh.awaitLine(PAGE.pattern()).group()));
      browser().awaitHeading("Sign in to your terminal");
      browser().press("It was not me: reject");
      assertThat(tsh.awaitExit(Installation.PATIENCE)).contains(1);
      assertThat(tsh.errors()).contains("rejected");
    }
    assertThat(guide.alice.tsh("status").exitCode()).isEqualTo(1);
  }

  private RunningProcess signIn() throws IOException {
    return guide.alice.start(
        "login",
        "--proxy=" + guide.site.proxyAddress(),
        "--user=alice",
        "--mfa-mode=cross-platform",
        "--browser=none");
  }

  @Test
  @Order(7)
  void aResetEndsEverySessionAndItsLinkWorksOnce() throws Exception {
    browser().open(page("/web/login"));
    browser().press("Sign in with a passkey");
    browser().awaitHeading("Databases");
    String link = link("users", "reset", "alice");
    browser().open(page("/web/account"));
    browser().awaitHeading("Sign in");

    browser().open(link);
    browser().awaitHeading("Reset your password");
    newPassword(NEW_PASSWORD);
    browser().choose("Security key");
    browser().press("Save");
    browser().awaitHeading("You can sign in now");
    browser().open(link);
    browser().awaitHeading("This link does not work");
    browser().picture("link-gone");
    browser().open(page("/web/nowhere"));
    browser().awaitHeading("Nothing here");
    List<String> records = guide.site.searchAudit(Instant.EPOCH);
    assertThat(records).anyMatch(line -> line.contains("\"user.password_change\""));
  }
}
