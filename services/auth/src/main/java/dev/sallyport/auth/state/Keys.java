package dev.sallyport.auth.state;

import dev.sallyport.model.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The names under which things are kept. Secrets never stand in a key: what is looked up by a
/// secret is kept under its SHA-256, so the look-up compares hashes and its timing tells nothing
/// about the secret. Names can't hold a slash, so no name reaches into another's keys.
public final class Keys {
  /// The cluster's name.
  public static final String CLUSTER = "cluster/name";

  /// With this key the Auth Service seals what it gives out and wants back.
  static final String SIGN_IN_KEY = "cluster/sign_in_key";

  /// With this key values and bodies are hashed in audit records.
  static final String AUDIT_KEY = "cluster/audit_key";

  /// Requests for a browser begin with this.
  static final String CONSOLES = "console/";

  /// Where Proxies are begins with this.
  static final String PROXIES = "proxy/";

  private Keys() {}

  /// All keys of a kind of resources begin with this.
  public static String prefix(Kind kind) {
    return switch (kind) {
      case ROLE -> "role/";
      case USER -> "user/";
      case TOKEN -> "token/";
      case DB -> "db/";
      case DB_SERVER -> "db_server/";
      case CERT_AUTHORITY -> "cert_authority/";
      case CLUSTER_AUTH_PREFERENCE -> "cluster_auth_preference/";
      case GITHUB -> "github/";
      case OIDC -> "oidc/";
      case SAML -> "saml/";
      case LOCK -> "lock/";
    };
  }

  /// The key of a resource by what the API calls its name; that of a token is hashed.
  public static String resource(Kind kind, String name) {
    return prefix(kind) + (kind == Kind.TOKEN ? hash(name) : name);
  }

  /// The databases that one host announced begin with this.
  public static String databaseServers(String hostId) {
    return prefix(Kind.DB_SERVER) + hostId + "/";
  }

  static String instance(String account, String instanceId) {
    return "ec2_instance/" + account + "/" + instanceId;
  }

  static String password(String user) {
    return "password/" + user;
  }

  static String invite(String token) {
    return "invite/" + hash(token);
  }

  static String inviteOf(String user) {
    return "invite_of/" + user;
  }

  /// The devices of a user begin with this.
  static String mfaDevices(String user) {
    return "mfa/" + user + "/";
  }

  /// Whose a key is, by the id that it was given when it was registered.
  static String mfaCredential(byte[] credentialId) {
    return "mfa_credential/" + hash(credentialId);
  }

  /// That something good for one use was used.
  static String used(String token) {
    return "used/" + hash(token);
  }

  /// A tool's request for a browser.
  static String console(String id) {
    return CONSOLES + hash(id);
  }

  static String webSession(String hash) {
    return "web_session/" + hash;
  }

  static String webCertificate(String fingerprint) {
    return "web_certificate/" + fingerprint;
  }

  static String proxy(String hostId) {
    return PROXIES + hostId;
  }

  static String host(String hostId, String role) {
    return "host/" + hostId + "/" + role;
  }

  /// SHA-256 of the text, in lower-case hexadecimal.
  public static String hash(String secret) {
    return hash(secret.getBytes(StandardCharsets.UTF_8));
  }

  /// SHA-256 in lower-case hexadecimal.
  public static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
