package dev.sallyport.pki;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Identity;
import dev.sallyport.model.Route;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The JSON of [IdentityExtension]. Written in one fixed order without white space; read with every
/// unknown, missing, doubled or wrongly typed field refused. Streaming, so that loading it is
/// cheap.
final class ClaimJson {
  static final int VERSION = 1;
  static final int MAX_TEXT = 1024;
  static final int MAX_LIST = 512;

  private static final int MAX_DEPTH = 4;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(IdentityExtension.MAX_BYTES)
                  .maxNameLength(MAX_TEXT)
                  .maxNumberLength(8)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ClaimJson() {}

  static byte[] write(CertificateClaim claim) {
    var bytes = new ByteArrayOutputStream(512);
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeNumberProperty("v", VERSION);
      switch (claim) {
        case CertificateClaim.Authority authority -> {
          json.writeStringProperty("type", "authority");
          json.writeStringProperty("cluster", authority.clusterName());
          json.writeStringProperty("authority", authority.kind().wireName());
        }
        case CertificateClaim.Holder(Identity identity) -> {
          switch (identity) {
            case HostIdentity host -> writeHost(json, host);
            case UserIdentity user -> writeUser(json, user);
          }
        }
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeHost(JsonGenerator json, HostIdentity host) {
    json.writeStringProperty("type", "host");
    json.writeStringProperty("cluster", host.clusterName());
    json.writeStringProperty("host_id", host.hostId());
    json.writeStringProperty("role", host.role().wireName());
  }

  private static void writeUser(JsonGenerator json, UserIdentity user) {
    json.writeStringProperty("type", "user");
    json.writeStringProperty("cluster", user.clusterName());
    json.writeStringProperty("user", user.user());
    writeList(json, "roles", user.roles());
    json.writeObjectPropertyStart("traits");
    new TreeMap<>(user.traits()).forEach((name, values) -> writeList(json, name, values));
    json.writeEndObject();
    json.writeStringProperty("kind", kindName(user.kind()));
    user.loginAddress().ifPresent(address -> json.writeStringProperty("login_address", address));
    user.mfaDevice().ifPresent(device -> json.writeStringProperty("mfa_device", device));
    user.route().ifPresent(route -> writeRoute(json, route));
    user.signIn().ifPresent(signIn -> writeSignIn(json, signIn));
  }

  private static void writeSignIn(JsonGenerator json, SignIn signIn) {
    json.writeObjectPropertyStart("sign_in");
    json.writeStringProperty("id", signIn.id());
    signIn.userSince().ifPresent(since -> json.writeStringProperty("user_since", since.toString()));
    json.writeEndObject();
  }

  private static void writeRoute(JsonGenerator json, Route route) {
    json.writeObjectPropertyStart("route");
    json.writeStringProperty("database", route.database());
    json.writeStringProperty("protocol", route.protocol());
    json.writeStringProperty("db_user", route.dbUser());
    route.dbName().ifPresent(name -> json.writeStringProperty("db_name", name));
    json.writeStringProperty("session_id", route.sessionId());
    route.mfaDevice().ifPresent(device -> json.writeStringProperty("mfa_device", device));
    json.writeEndObject();
  }

  private static void writeList(JsonGenerator json, String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  private static String kindName(UserKind kind) {
    return switch (kind) {
      case HUMAN -> "human";
      case BOT -> "bot";
    };
  }

  static CertificateClaim read(byte[] bytes) throws InvalidIdentity {
    try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      json.nextToken();
      var fields = new Fields(object(json, 1));
      if (json.nextToken() != null) {
        throw new InvalidIdentity("the identity extension goes on after its end");
      }
      var claim = claim(fields);
      fields.end();
      return claim;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      // The nouns refuse what they cannot be; either way this is no identity.
      throw new InvalidIdentity("the identity extension cannot be read");
    }
  }

  private static CertificateClaim claim(Fields fields) throws InvalidIdentity {
    if (!(fields.take("v") instanceof Integer version) || version != VERSION) {
      throw new InvalidIdentity(
          "the identity extension is not of version " + VERSION + ", the one known here");
    }
    return switch (fields.text("type")) {
      case "authority" ->
          new CertificateClaim.Authority(
              fields.text("cluster"),
              CaKind.parse(fields.text("authority"))
                  .orElseThrow(() -> new InvalidIdentity("unknown kind of authority")));
      case "host" -> new CertificateClaim.Holder(host(fields));
      case "user" -> new CertificateClaim.Holder(user(fields));
      default -> throw new InvalidIdentity("unknown type of identity");
    };
  }

  private static HostIdentity host(Fields fields) throws InvalidIdentity {
    var role =
        SystemRole.parse(fields.text("role"))
            .orElseThrow(() -> new InvalidIdentity("unknown system role"));
    return new HostIdentity(fields.text("cluster"), fields.text("host_id"), role);
  }

  private static UserIdentity user(Fields fields) throws InvalidIdentity {
    var kind =
        switch (fields.text("kind")) {
          case "human" -> UserKind.HUMAN;
          case "bot" -> UserKind.BOT;
          default -> throw new InvalidIdentity("unknown kind of user");
        };
    var traits = new LinkedHashMap<String, List<String>>();
    var traitFields = fields.object("traits");
    for (var name : traitFields.names()) {
      traits.put(name, traitFields.list(name));
    }
    return new UserIdentity(
        fields.text("cluster"),
        fields.text("user"),
        fields.list("roles"),
        traits,
        kind,
        fields.optionalText("login_address"),
        fields.optionalText("mfa_device"),
        fields.has("route") ? Optional.of(route(fields.object("route"))) : Optional.empty(),
        fields.has("sign_in") ? Optional.of(signIn(fields.object("sign_in"))) : Optional.empty());
  }

  private static SignIn signIn(Fields fields) throws InvalidIdentity {
    var id = fields.text("id");
    var since = fields.optionalText("user_since");
    fields.end();
    try {
      return new SignIn(id, since.map(Instant::parse));
    } catch (DateTimeException e) {
      throw new InvalidIdentity("the identity extension's 'user_since' is not a time");
    }
  }

  private static Route route(Fields fields) throws InvalidIdentity {
    var route =
        new Route(
            fields.text("database"),
            fields.text("protocol"),
            fields.text("db_user"),
            fields.optionalText("db_name"),
            fields.text("session_id"),
            fields.optionalText("mfa_device"));
    fields.end();
    return route;
  }

  private static Map<String, Object> object(JsonParser json, int depth) throws InvalidIdentity {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidIdentity("the identity extension is not a JSON object");
    }
    var fields = new LinkedHashMap<String, Object>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = json.currentName();
      if (fields.size() == MAX_LIST) {
        throw new InvalidIdentity("the identity extension has too many fields");
      }
      fields.put(name, value(json, depth));
    }
    return fields;
  }

  private static Object value(JsonParser json, int depth) throws InvalidIdentity {
    var token = json.nextToken();
    if (token == JsonToken.VALUE_STRING) {
      return checked(json.getString());
    }
    if (token == JsonToken.VALUE_NUMBER_INT && depth == 1) {
      return json.getIntValue();
    }
    if (token == JsonToken.START_OBJECT && depth == 1) {
      return object(json, depth + 1);
    }
    if (token != JsonToken.START_ARRAY) {
      throw new InvalidIdentity("the identity extension has a value of a wrong type");
    }
    var list = new ArrayList<String>();
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      if (list.size() == MAX_LIST) {
        throw new InvalidIdentity("the identity extension has a list longer than " + MAX_LIST);
      }
      list.add(checked(json.getString()));
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw new InvalidIdentity("the identity extension has a list of something else than text");
    }
    return list;
  }

  private static String checked(String text) throws InvalidIdentity {
    if (text.length() > MAX_TEXT) {
      throw new InvalidIdentity("the identity extension has a text longer than " + MAX_TEXT);
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new InvalidIdentity("the identity extension has a control character in a text");
      }
    }
    return text;
  }

  /// The fields of one object, each taken once; what is left at the end is unknown.
  private record Fields(Map<String, Object> values) {
    Object take(String name) throws InvalidIdentity {
      var value = values.remove(name);
      if (value == null) {
        throw new InvalidIdentity("the identity extension lacks '" + name + "'");
      }
      return value;
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    String text(String name) throws InvalidIdentity {
      if (take(name) instanceof String text && !text.isEmpty()) {
        return text;
      }
      throw new InvalidIdentity("the identity extension's '" + name + "' is not a text");
    }

    Optional<String> optionalText(String name) throws InvalidIdentity {
      return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    List<String> list(String name) throws InvalidIdentity {
      if (!(take(name) instanceof List<?> list)) {
        throw new InvalidIdentity("the identity extension's '" + name + "' is not a list");
      }
      return list.stream().map(String.class::cast).toList();
    }

    Fields object(String name) throws InvalidIdentity {
      if (!(take(name) instanceof Map<?, ?> map)) {
        throw new InvalidIdentity("the identity extension's '" + name + "' is not an object");
      }
      var fields = new LinkedHashMap<String, Object>();
      map.forEach((key, value) -> fields.put((String) key, value));
      return new Fields(fields);
    }

    List<String> names() {
      return List.copyOf(values.keySet());
    }

    void end() throws InvalidIdentity {
      if (!values.isEmpty()) {
        throw new InvalidIdentity(
            "the identity extension has unknown fields, so a newer version may have written it");
      }
    }
  }
}
