package dev.sallyport.model;

import java.util.Arrays;
import java.util.Optional;

/// What a lock can aim at.
public enum LockPart {
  USER("user", "User", true),
  ROLE("role", "Role", true),
  /// A login name of a machine; sessions here have none.
  LOGIN("login", "Login", false),
  /// The second factor by which a sign-in was confirmed, by its id.
  MFA_DEVICE("mfa_device", "MFADevice", true),
  /// A trusted device; there are none here.
  DEVICE("device", "Device", false),
  /// A Proxy or an agent, by its host id.
  SERVER_ID("server_id", "ServerID", true),
  WINDOWS_DESKTOP("windows_desktop", "WindowsDesktop", false),
  /// Sessions that live on an access request; there are none yet.
  ACCESS_REQUEST("access_request", "AccessRequest", false),
  BOT_INSTANCE_ID("bot_instance_id", "BotInstanceID", false),
  /// A join token, by its name, which is a secret.
  JOIN_TOKEN("join_token", "JoinToken", true),
  /// One sign-in with all that came of it, or one `tsh proxy db`, by the `sid` of audit events.
  SESSION("session", "Session", true);

  private final String wireName;
  private final String title;
  private final boolean effective;

  LockPart(String wireName, String title, boolean effective) {
    this.wireName = wireName;
    this.title = title;
    this.effective = effective;
  }

  /// The key in documents; with dashes, the flag of `tctl lock`.
  public String wireName() {
    return wireName;
  }

  /// The word in messages.
  public String title() {
    return title;
  }

  /// Whether anything here can be hit by it. A lock on something else is kept and hits nobody.
  public boolean effective() {
    return effective;
  }

  /// The part of that exact wire name.
  public static Optional<LockPart> parse(String name) {
    return Arrays.stream(values()).filter(part -> part.wireName.equals(name)).findFirst();
  }
}
