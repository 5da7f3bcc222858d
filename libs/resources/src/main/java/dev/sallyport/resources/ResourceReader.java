package dev.sallyport.resources;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.Resource;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.resources.document.DocumentNode;
import dev.sallyport.resources.document.DocumentParser;
import dev.sallyport.resources.document.Faults;
import dev.sallyport.resources.document.Fields;
import dev.sallyport.resources.document.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads resources from YAML or JSON. What a document says that nobody would obey is refused, and
/// so is every key that is not known.
///
/// The text may come from anybody: {@link DocumentParser} bounds it, and nothing in it chooses a
/// class.
public final class ResourceReader {
  private ResourceReader() {}

  /// The resources in the text, one for each document in it.
  ///
  /// @param sourceName what the text is called in messages, such as its path
  /// @throws InvalidDocument with every fault of every document
  public static List<Resource> read(String text, String sourceName) {
    return read(text, sourceName, warning -> {});
  }

  /// The same, for somebody who wants to hear what works otherwise than its writer may think, such
  /// as fields that are kept and have no effect here.
  ///
  /// @param warned gets each warning, when there is no fault
  public static List<Resource> read(String text, String sourceName, Consumer<String> warned) {
    var faults = new Faults(sourceName);
    var resources = new ArrayList<Resource>();
    DocumentParser.each(
        text, sourceName, document -> read(document, faults).ifPresent(resources::add));
    faults.throwIfAny();
    faults.warnings().forEach(warned);
    return resources;
  }

  /// One resource from a tree.
  static Resource readOne(DocumentNode node, String sourceName) {
    var faults = new Faults(sourceName);
    var resource = read(node, faults);
    faults.throwIfAny();
    return resource.orElseThrow();
  }

  private static Optional<Resource> read(DocumentNode node, Faults faults) {
    return read(Fields.of(node, "", faults));
  }

  static Optional<Resource> read(Fields fields) {
    var before = fields.faults().count();
    var kindName = fields.text("kind").orElse("");
    var kind = Kind.parse(kindName);
    if (kind.isEmpty()) {
      if (fields.faults().count() == before) {
        fields.fault("kind", unknownKind(kindName));
      }
      return Optional.empty();
    }
    var version = version(kind.get(), fields);
    fields.ignore("sub_kind", "status");
    var health =
        kind.get() == Kind.DB_SERVER
            ? TargetHealthForm.read(fields.object("status").object("target_health"))
            : Optional.<TargetHealth>empty();
    if (!fields.has("metadata") && onlyName(kind.get()).isEmpty()) {
      fields.fault("metadata", "is missing");
    }
    var metadata = MetadataForm.read(fields.object("metadata"), onlyName(kind.get()));
    if (!fields.has("spec")) {
      fields.fault("spec", "is missing");
    }
    var spec = fields.object("spec");
    fields.finish();
    // A spec is read even if its metadata was wrong, so that one reading tells all faults.
    var named = metadata.orElseGet(() -> Metadata.named(onlyName(kind.get()).orElse("unnamed")));
    var resource =
        resource(kind.get(), named, version, spec)
            .map(one -> one instanceof DatabaseServer server ? server.withHealth(health) : one);
    return fields.faults().count() > before ? Optional.empty() : resource;
  }

  private static Optional<Resource> resource(
      Kind kind, Metadata metadata, String version, Fields spec) {
    return switch (kind) {
      case ROLE -> RoleForm.read(metadata, version, spec).map(r -> r);
      case USER -> UserForm.read(metadata, spec).map(r -> r);
      case TOKEN -> TokenForm.read(metadata, spec).map(r -> r);
      case DB -> DatabaseForm.read(metadata, spec).map(r -> r);
      case DB_SERVER -> DatabaseForm.readServer(metadata, spec).map(r -> r);
      case CERT_AUTHORITY -> CertAuthorityForm.read(metadata, spec).map(r -> r);
      case CLUSTER_AUTH_PREFERENCE -> AuthPreferenceForm.read(metadata, spec).map(r -> r);
      case GITHUB, OIDC, SAML -> ConnectorForm.read(kind, metadata, spec).map(r -> r);
      case LOCK -> LockForm.read(metadata, spec).map(r -> r);
    };
  }

  /// The name of the one resource of a kind of which there is one.
  private static Optional<String> onlyName(Kind kind) {
    return kind == Kind.CLUSTER_AUTH_PREFERENCE
        ? Optional.of(AuthPreference.NAME)
        : Optional.empty();
  }

  private static String version(Kind kind, Fields fields) {
    var supported =
        switch (kind) {
          case ROLE -> RoleForm.VERSIONS;
          case DB, DB_SERVER, GITHUB, OIDC -> List.of("v3");
          case USER, TOKEN, CERT_AUTHORITY, CLUSTER_AUTH_PREFERENCE, SAML, LOCK -> List.of("v2");
        };
    var version = fields.text("version").orElse(kind == Kind.ROLE ? "" : supported.getFirst());
    if (!supported.contains(version)) {
      var told = version.isEmpty() ? "is missing" : Quoted.of(version) + " is not supported";
      fields.fault("version", "%s, supported are: %s".formatted(told, supported));
    }
    return version;
  }

  private static String unknownKind(String name) {
    if (name.isEmpty()) {
      return "is missing";
    }
    var known = Arrays.stream(Kind.values()).map(Kind::wireName).toList();
    return "creating resources of type %s is not supported".formatted(Quoted.of(name))
        + Spelling.hint(name, known);
  }
}
