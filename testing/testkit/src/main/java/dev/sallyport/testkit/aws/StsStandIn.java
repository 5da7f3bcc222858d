package dev.sallyport.testkit.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/// STS with AssumeRole and GetCallerIdentity: verifies the caller's signature, knows roles and whom
/// they trust, and words its errors as AWS does. Made and closed by [AwsStandIn].
public final class StsStandIn {

  private static final String VERSION = "2011-06-15";
  private static final Duration SESSION_DEFAULT = Duration.ofHours(1);
  private static final Duration SESSION_MIN = Duration.ofMinutes(15);
  private static final Duration CHAINED_MAX = Duration.ofHours(1);
  private static final int TAGS_MAX = 50;
  private static final Pattern SESSION_NAME = Pattern.compile("[A-Za-z0-9_+=,.@-]*");
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[!-~]+");

  /// One call, for assertions.
  ///
  /// @param principal who called; empty when the signature was refused
  /// @param parameters everything but action and version
  /// @param error the error code; empty when it went well
  public record Call(
      Optional<String> principal,
      String action,
      Map<String, String> parameters,
      Optional<String> error) {}

  private final AccessKeys keys;
  private final SignatureCheck check;
  private final InstantSource clock;
  private final String region;
  private final FreshKeys fresh = new FreshKeys();
  private final Map<String, TrustedRole> roles = new ConcurrentHashMap<>();
  private final Map<String, String> sources = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Weather weather = Weather.FINE;
  private volatile Optional<Duration> shortened = Optional.empty();

  StsStandIn(AccessKeys keys, SignatureCheck check, InstantSource clock, String region) {
    this.keys = keys;
    this.check = check;
    this.clock = clock;
    this.region = region;
  }

  /// Adds a role, or changes the one of this ARN.
  public void put(TrustedRole role) {
    roles.put(role.arn(), role);
  }

  /// Deletes a role; its sessions go on, as in AWS.
  public void remove(String roleArn) {
    roles.remove(roleArn);
  }

  /// Changes how it is doing.
  public void weather(Weather now) {
    weather = now;
  }

  /// From now on sessions live this long, whatever the caller asks for: to see them end without
  /// waiting for long.
  public void shortenSessions(Optional<Duration> life) {
    shortened = life;
  }

  /// Every call so far.
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /// An error of STS.
  private static final class StsError extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    StsError(int status, String code, String message) {
      super(message, null, false, false);
      this.status = status;
      this.code = code;
    }

    static StsError validation(String message) {
      return new StsError(400, "ValidationError", message);
    }
  }

  WireResponse answer(WireRequest request) {
    switch (weather) {
      // Its answers have no checksum.
      case FINE, DAMAGED -> {}
      case THROTTLING -> {
        return error(new StsError(400, "Throttling", "Rate exceeded"));
      }
      case OUTAGE -> {
        return error(
            new StsError(503, "ServiceUnavailable", "The service is currently unavailable."));
      }
      case BROKEN -> {
        return WireResponse.Cut.atOnce();
      }
    }
    Map<String, String> parameters = parameters(request);
    String action = Optional.ofNullable(parameters.remove("Action")).orElse("");
    String version = Optional.ofNullable(parameters.remove("Version")).orElse("");
    Optional<String> principal = Optional.empty();
    try {
      AccessKey caller = authenticate(request);
      principal = Optional.of(caller.principal());
      if (!version.equals(VERSION)) {
        throw new StsError(
            400, "InvalidAction", "Could not find operation " + action + " for version " + version);
      }
      WireResponse answer =
          switch (action) {
            case "AssumeRole" -> assumeRole(caller, parameters);
            case "GetCallerIdentity" -> callerIdentity(caller, wantsJson(request));
            default ->
                throw new StsError(
                    400,
                    "InvalidAction",
                    "Could not find operation " + action + " for version " + version);
          };
      calls.add(new Call(principal, action, Map.copyOf(parameters), Optional.empty()));
      return answer;
    } catch (StsError error) {
      calls.add(new Call(principal, action, Map.copyOf(parameters), Optional.of(error.code)));
      return error(error);
    }
  }

  private AccessKey authenticate(WireRequest request) throws StsError {
    return switch (check.verify(request, region, "sts")) {
      case SignatureVerdict.Accepted accepted -> accepted.key();
      case SignatureVerdict.Refused refused -> {
        int status = refused.fault() == SignatureVerdict.Fault.INCOMPLETE ? 400 : 403;
        throw new StsError(status, refused.fault().stsCode(), refused.message());
      }
    };
  }

  private WireResponse assumeRole(AccessKey caller, Map<String, String> parameters)
      throws StsError {
    String arn = required(parameters, "RoleArn", "roleArn");
    String session = required(parameters, "RoleSessionName", "roleSessionName");
    checkSessionName(session);
    if (!ROLE_ARN.matcher(arn).matches()) {
      throw StsError.validation(arn + " is invalid");
    }
    Duration asked = duration(parameters);
    TrustedRole role = roles.get(arn);
    if (role == null || !role.trusts(caller)) {
      throw denied(caller, "sts:AssumeRole", arn);
    }
    boolean idFits =
        role.externalId().isEmpty()
            || role.externalId().equals(Optional.ofNullable(parameters.get("ExternalId")));
    if (!idFits) {
      throw denied(caller, "sts:AssumeRole", arn);
    }
    checkTags(caller, role, parameters);
    Optional<String> source = sourceIdentity(caller, role, parameters);
    if (caller.role().isPresent() && asked.compareTo(CHAINED_MAX) > 0) {
      throw StsError.validation(
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
              + " chaining");
    }
    if (asked.compareTo(role.sessionMax()) > 0) {
      throw StsError.validation(
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    return assumed(arn, session, shortened.orElse(asked), source);
  }

  /// What the session says of who is behind it: what the caller's does, and nothing else. Each role
  /// on the way has to allow it.
  private Optional<String> sourceIdentity(
      AccessKey caller, TrustedRole role, Map<String, String> parameters) throws StsError {
    Optional<String> before = Optional.ofNullable(sources.get(caller.id()));
    Optional<String> asked = Optional.ofNullable(parameters.get("SourceIdentity"));
    if (before.isEmpty() && asked.isEmpty()) {
      return asked;
    }
    boolean changes = before.isPresent() && asked.isPresent() && !asked.equals(before);
    if (!role.sourceIdentityAllowed() || changes) {
      throw denied(caller, "sts:SetSourceIdentity", role.arn());
    }
    String source = asked.or(() -> before).get();
    if (source.length() < 2 || source.length() > 64 || !SESSION_NAME.matcher(source).matches()) {
      throw StsError.validation("1 validation error detected: sourceIdentity");
    }
    return Optional.of(source);
  }

  private WireResponse assumed(String arn, String session, Duration life, Optional<String> source) {
    // Seconds are all that the answer can tell.
    Instant end = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS);
    String[] parts = arn.split(":", 6);
    // A role's path does not appear in the ARN of its sessions.
    String name = arn.substring(arn.lastIndexOf('/') + 1);
    String principal =
        "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/" + session;
    AccessKey key = fresh.session(principal, arn, end);
    keys.add(key);
    source.ifPresent(it -> sources.put(key.id(), it));
    return xml(
        200,
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleResult>
            <AssumedRoleUser>
              <AssumedRoleId>AROAEXAMPLE:%s</AssumedRoleId>
              <Arn>%s</Arn>
            </AssumedRoleUser>
            <Credentials>
              <AccessKeyId>%s</AccessKeyId>
              <SecretAccessKey>%s</SecretAccessKey>
              <SessionToken>%s</SessionToken>
              <Expiration>%s</Expiration>
            </Credentials>
          </AssumeRoleResult>
          <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
        </AssumeRoleResponse>
        """
            .formatted(
                escape(session),
                escape(principal),
                key.id(),
                key.secret(),
                key.token().orElseThrow(),
                end,
                UUID.randomUUID()));
  }

  private static boolean wantsJson(WireRequest request) {
    return request.only("Accept").filter("application/json"::equals).isPresent();
  }

  private WireResponse callerIdentity(AccessKey caller, boolean json) {
    if (json) {
      return answer(
          200,
          "application/json",
          """
          {"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"%s","Arn":"%s",\
          "UserId":"AIDAEXAMPLE"},"ResponseMetadata":{"RequestId":"%s"}}}\
          """
              .formatted(caller.accountId(), caller.principal(), UUID.randomUUID()));
    }
    return xml(
        200,
        """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <GetCallerIdentityResult>
            <Arn>%s</Arn>
            <UserId>AIDAEXAMPLE</UserId>
            <Account>%s</Account>
          </GetCallerIdentityResult>
          <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
        </GetCallerIdentityResponse>
        """
            .formatted(escape(caller.principal()), caller.accountId(), UUID.randomUUID()));
  }

  private static void checkSessionName(String session) throws StsError {
    String constraint = null;
    if (session.length() < 2) {
      constraint = "Member must have length greater than or equal to 2";
    } else if (session.length() > 64) {
      constraint = "Member must have length less than or equal to 64";
    } else if (!SESSION_NAME.matcher(session).matches()) {
      constraint = "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
    }
    if (constraint != null) {
      throw StsError.validation(
          "1 validation error detected: Value '%s' at 'roleSessionName' failed to satisfy constraint: %s"
              .formatted(session, constraint));
    }
  }

  private static void checkTags(AccessKey caller, TrustedRole role, Map<String, String> parameters)
      throws StsError {
    long tags =
        parameters.keySet().stream().filter(k -> k.matches("Tags\\.member\\.[0-9]+\\.Key")).count();
    if (tags > TAGS_MAX) {
      throw StsError.validation("1 validation error detected: too many tags");
    }
    if (tags > 0 && !role.sessionTagsAllowed()) {
      throw denied(caller, "sts:TagSession", role.arn());
    }
  }

  private static Duration duration(Map<String, String> parameters) throws StsError {
    String text = parameters.get("DurationSeconds");
    if (text == null) {
      return SESSION_DEFAULT;
    }
    if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < SESSION_MIN.toSeconds()) {
      throw StsError.validation(
          "1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: Member must have"
                  .formatted(text)
              + " value greater than or equal to 900");
    }
    return Duration.ofSeconds(Integer.parseInt(text));
  }

  private static String required(Map<String, String> parameters, String name, String member)
      throws StsError {
    String value = parameters.get(name);
    if (value == null || value.isEmpty()) {
      throw StsError.validation(
          "1 validation error detected: Value null at '"
              + member
              + "' failed to satisfy constraint: Member must not be null");
    }
    return value;
  }

  private static StsError denied(AccessKey caller, String action, String arn) {
    return new StsError(
        403,
        "AccessDenied",
        "User: %s is not authorized to perform: %s on resource: %s"
            .formatted(caller.principal(), action, arn));
  }

  private static Map<String, String> parameters(WireRequest request) {
    Map<String, String> parameters = new LinkedHashMap<>();
    String text =
        request.method().equals("GET")
            ? request.query()
            : new String(request.body(), StandardCharsets.UTF_8);
    for (String pair : text.split("&")) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        parameters.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private WireResponse error(StsError error) {
    return xml(
        error.status,
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error>
            <Type>%s</Type>
            <Code>%s</Code>
            <Message>%s</Message>
          </Error>
          <RequestId>%s</RequestId>
        </ErrorResponse>
        """
            .formatted(
                error.status >= 500 ? "Receiver" : "Sender",
                error.code,
                escape(String.valueOf(error.getMessage())),
                UUID.randomUUID()));
  }

  private WireResponse xml(int status, String text) {
    return answer(status, "text/xml", text);
  }

  private WireResponse answer(int status, String type, String text) {
    return WireResponse.Answer.of(
        status,
        List.of(
            new WireHeader("x-amzn-RequestId", UUID.randomUUID().toString()),
            new WireHeader("Content-Type", type),
            WireHeader.date(clock.instant())),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
