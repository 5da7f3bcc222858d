package dev.sallyport.proxy.web;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// The pages of an invitation or password reset: the form, what comes after it, and the one for a
/// link that no longer works.
final class InvitePages {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private InvitePages() {}

  /// The two kinds of link.
  enum Purpose {
    /// The first password of an invited user.
    INVITE(
        "/web/invite/",
        "Welcome",
        "You were invited to this cluster. Choose the password that you will sign in with.",
        "Set password"),
    /// A new password for a user whose old one was taken away.
    RESET(
        "/web/reset/",
        "Reset your password",
        "Choose a new password. The old one no longer works.",
        "Save new password");

    private final String path;
    private final String title;
    private final String lead;
    private final String button;

    Purpose(String path, String title, String lead, String button) {
      this.path = path;
      this.title = title;
      this.lead = lead;
      this.button = button;
    }

    /// Where its links begin; the token follows.
    String path() {
      return path;
    }
  }

  /// What a form is about.
  ///
  /// @param purpose which kind of link it came from
  /// @param token the link's secret part
  /// @param user whose password it sets
  /// @param expires when the link stops working
  record Subject(Purpose purpose, String token, String user, Instant expires) {
    @Override
    public String toString() {
      return purpose + " of " + user;
    }
  }

  /// The form, with what was wrong with the last try. It is a list of steps: the account, the
  /// password, and whatever else a sign-in will need (a second factor is one more step).
  static String form(String clusterName, Subject subject, List<String> faults) {
    var purpose = subject.purpose();
    var steps = List.of(account(subject.user()), password(!faults.isEmpty()));
    return Page.document(
        purpose.title,
        clusterName,
        Html.of(
            """
            <h1>{}</h1>
            <p>{}</p>
            {}<form method="post" action="{}" accept-charset="utf-8">
            {}<button type="submit">{}</button>
            </form>
            <p class="note">This link works once, until <time datetime="{}">{}</time>.</p>
            """,
            purpose.title,
            purpose.lead,
            problems(faults),
            purpose.path() + subject.token(),
            Html.join(steps),
            purpose.button,
            subject.expires(),
            MINUTE.format(subject.expires())));
  }

  private static Html problems(List<String> faults) {
    if (faults.isEmpty()) {
      return Html.NOTHING;
    }
    var items = faults.stream().map(fault -> Html.of("<li>{}</li>\n", fault)).toList();
    return Html.of(
        """
        <div class="problems" role="alert" id="problems">
        <p>The password was not saved:</p>
        <ul>
        {}</ul>
        </div>
        """,
        Html.join(items));
  }

  private static Html account(String user) {
    return Html.of(
        """
        <div class="field">
        <label for="username">Account</label>
        <input id="username" name="username" type="text" value="{}" autocomplete="username"
          readonly>
        </div>
        """,
        user);
  }

  private static Html password(boolean again) {
    return Html.of(
        """
        <div class="field">
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="new-password"
          minlength="{}" maxlength="{}" required autofocus
          aria-describedby="rules{}" aria-invalid="{}">
        <ul class="rules" id="rules">
        <li>At least {} characters; a sentence is easy to remember.</li>
        <li>Any characters, spaces too, up to {} bytes.</li>
        <li>Not one that you use elsewhere.</li>
        </ul>
        </div>
        <div class="field">
        <label for="confirmation">Password, once more</label>
        <input id="confirmation" name="confirmation" type="password"
          autocomplete="new-password" maxlength="{}" required>
        </div>
        """,
        PasswordRules.CHARACTERS_MIN,
        PasswordRules.BYTES_MAX,
        again ? " problems" : "",
        again,
        PasswordRules.CHARACTERS_MIN,
        PasswordRules.BYTES_MAX,
        PasswordRules.BYTES_MAX);
  }

  /// The password is set: how to go on.
  static String done(String clusterName, String user, String proxyAddress) {
    return Page.document(
        "Password saved",
        clusterName,
        Html.of(
            """
            <h1>Password saved</h1>
            <p>You can sign in as <strong>{}</strong> now. In your terminal:</p>
            {}<p class="note">You may close this page.</p>
            """,
            user,
            Page.command("tsh login --proxy=" + proxyAddress + " --user=" + shellWord(user))));
  }

  /// The link was used, has expired, or never was; which one is nobody's business.
  static String gone(String clusterName) {
    return Page.document(
        "This link does not work",
        clusterName,
        Html.of(
            """
            <h1>This link does not work</h1>
            <p>It was used already, it has expired, or it is incomplete.</p>
            <p>Ask an administrator of this cluster for a new one. They make it with:</p>
            {}
            """,
            Page.command("tctl users reset <your name>")));
  }

  /// A user name as one word of a shell command: quoted unless it holds nothing special.
  static String shellWord(String text) {
    if (text.matches("[A-Za-z0-9._@+-]+")) {
      return text;
    }
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
