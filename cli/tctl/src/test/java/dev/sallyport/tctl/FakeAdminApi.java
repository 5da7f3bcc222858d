package dev.sallyport.tctl;

import dev.sallyport.control.AccessExplained;
import dev.sallyport.control.AuditLog;
import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.InviteCreated;
import dev.sallyport.control.ResetUserRequest;
import dev.sallyport.control.RotateRequest;
import dev.sallyport.control.SignUserRequest;
import dev.sallyport.control.Trust;
import dev.sallyport.control.UpdateUserRequest;
import dev.sallyport.control.UserCert;
import dev.sallyport.control.WriteMode;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A cluster in a map. Users `known…` exist; roles are not checked but for `nobody`.
final class FakeAdminApi implements AdminApi {
  static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  final Map<String, Resource> resources = new LinkedHashMap<>();
  final FakeAuditLog audit = new FakeAuditLog();
  final Set<String> refused = new HashSet<>();
  boolean secretsAsked;

  /// Runs once, after the next reading: what others do meanwhile.
  Optional<Runnable> onGet = Optional.empty();

  Optional<RotateRequest> rotated = Optional.empty();
  int closed;

  /// How the last change was asked for.
  WriteMode mode = WriteMode.PLAIN;

  /// What was asked beside resources, in order.
  final List<Object> requests = new ArrayList<>();

  private final CertificateAuthority users =
      CertificateAuthority.create(CaKind.USER, "example.com", () -> NOW, new SecureRandom());
  private int revision;

  private static String key(Kind kind, String name) {
    return kind + "/" + name;
  }

  @Override
  public ClusterStatus status() {
    return new ClusterStatus("example.com", "1.0.0", List.of("sha256:ab", "sha256:cd"));
  }

  @Override
  public List<Resource> list(Kind kind, boolean withSecrets) {
    secretsAsked |= withSecrets;
    return resources.values().stream().filter(resource -> resource.kind() == kind).toList();
  }

  @Override
  public Resource get(Kind kind, String name, boolean withSecrets) {
    var found = Optional.ofNullable(resources.get(key(kind, name)));
    var meanwhile = onGet;
    onGet = Optional.empty();
    meanwhile.ifPresent(Runnable::run);
    return found.orElseThrow(() -> new ControlException(ErrorKind.NOT_FOUND, missing(kind, name)));
  }

  /// As the Auth Service has it: its MessagesTest.
  private static String missing(Kind kind, String name) {
    return switch (kind) {
      case ROLE -> "role %s is not found".formatted(name);
      case USER -> "user \"%s\" not found".formatted(name);
      default -> "%s \"%s\" is not found".formatted(kind.wireName(), name);
    };
  }

  @Override
  public Resource create(Resource resource, WriteMode mode) {
    this.mode = mode;
    if (resource.kind() == Kind.CERT_AUTHORITY) {
      // As the Auth Service has it: its ResourceRulesTest.
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "creating resources of type \"cert_authority\" is not supported");
    }
    String key = key(resource.kind(), resource.resourceName());
    if (!mode.force() && resources.containsKey(key)) {
      throw new ControlException(
          ErrorKind.ALREADY_EXISTS,
          resource.kind().wireName() + " \"" + resource.resourceName() + "\" already exists");
    }
    if (refused.contains(resource.resourceName())) {
      throw new ControlException(ErrorKind.ACCESS_DENIED, "not " + resource.resourceName());
    }
    return mode.dryRun() ? resource : put(resource);
  }

  /// What the cluster made itself.
  Resource put(Resource resource) {
    Resource kept =
        resource.withMetadata(
            resource.metadata().withRevision(Optional.of(String.valueOf(++revision))));
    resources.put(key(kept.kind(), kept.resourceName()), kept);
    return kept;
  }

  @Override
  public Resource update(Resource resource, WriteMode mode) {
    this.mode = mode;
    Resource found = get(resource.kind(), resource.resourceName(), true);
    if (!found.metadata().revision().equals(resource.metadata().revision())) {
      throw new ControlException(
          ErrorKind.COMPARE_FAILED,
          "resource revision does not match, it may have been concurrently modified; please work"
              + " from the latest state, or use --force to overwrite");
    }
    return put(resource);
  }

  @Override
  public void delete(Kind kind, String name, WriteMode mode) {
    this.mode = mode;
    get(kind, name, false);
    resources.remove(key(kind, name));
  }

  @Override
  public InviteCreated addUser(CreateUserRequest request) {
    requests.add(request);
    create(
        new User(
            Metadata.named(request.name()), request.roles(), request.traits(), Optional.empty()),
        false);
    return invite("invite");
  }

  private static InviteCreated invite(String kind) {
    return new InviteCreated(Secret.of("https://proxy.example.com:443/web/" + kind + "/0123"), NOW);
  }

  @Override
  public User updateUser(String name, UpdateUserRequest request, WriteMode mode) {
    this.mode = mode;
    requests.add(request);
    User user = (User) get(Kind.USER, name, false);
    User updated = user.withRoles(request.setRoles().orElse(user.roles()));
    resources.put(key(Kind.USER, name), updated);
    return updated;
  }

  @Override
  public InviteCreated resetUser(String name, ResetUserRequest request) {
    requests.add(request);
    get(Kind.USER, name, false);
    return invite("reset");
  }

  @Override
  public ProvisionToken createToken(CreateTokenRequest request) {
    requests.add(request);
    request.value().map(Secret::reveal).ifPresent(this::requireUnused);
    ProvisionToken token =
        new ProvisionToken(
            Metadata.named(request.value().map(Secret::reveal).orElse("00112233"))
                .withExpires(request.ttl().map(NOW::plus)),
            request.roles().stream().map(role -> SystemRole.parse(role).orElseThrow()).toList(),
            JoinTerms.SECRET,
            request.databases());
    create(token, false);
    return token;
  }

  /// As the Auth Service has it: its MessagesTest.
  private void requireUnused(String token) {
    if (resources.containsKey(key(Kind.TOKEN, token))) {
      throw new ControlException(
          ErrorKind.ALREADY_EXISTS,
          "failed to create token (\"%s\" already exists), please use another name"
              .formatted("*".repeat(token.length())));
    }
  }

  @Override
  public AccessExplained explainAccess(String user, String database, String dbUser, boolean mfa) {
    var near =
        new AccessExplained.RoleFinding(
            "near", true, false, List.of(), true, "its db_users are [\"Writer\"]");
    return new AccessExplained(
        user,
        database,
        dbUser,
        mfa,
        mfa ? Optional.of("near") : Optional.empty(),
        Optional.of("arn:aws:iam::123456789012:role/" + dbUser),
        mfa ? "" : "access to db denied.",
        mfa ? List.of() : List.of("role \"near\" lacks it"),
        List.of(near),
        mfa ? List.of() : List.of("add it"));
  }

  @Override
  public UserCert signUser(SignUserRequest request) {
    requests.add(request);
    get(Kind.USER, request.user(), false);
    var user =
        new UserIdentity(
            "example.com",
            request.user(),
            List.of("access"),
            Map.of(),
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var end = NOW.plus(request.ttl().orElse(Duration.ofHours(12)));
    try {
      var leaf = users.issueUser(user, Pem.publicKey(request.publicKey()), end);
      return new UserCert(Pem.encode(leaf), Trust.ofHosts(trust()), request.user(), end);
    } catch (PemException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "public key", e);
    }
  }

  @Override
  public CertAuthority rotate(RotateRequest request) {
    if (request.phase().filter("standby"::equals).isPresent()) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "not yet");
    }
    rotated = Optional.of(request);
    return new CertAuthority(
        Metadata.named(request.type()), request.type(), "example.com", List.of(), List.of());
  }

  @Override
  public AuditLog audit() {
    return audit;
  }

  @Override
  public TrustBundle trust() {
    return TrustBundle.ofHosts("example.com", List.of(audit.authority.certificate()));
  }

  @Override
  public void close() {
    closed++;
  }
}
